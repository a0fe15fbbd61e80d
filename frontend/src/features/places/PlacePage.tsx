// A place, and what was posted there.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { MapPin } from "lucide-react";
import { useParams } from "react-router";
import { ApiError } from "@/api/problem";
import { placePostsQuery, placeQuery } from "@/api/queries/discover";
import { PostListing } from "@/features/profile/PostListing";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { NotFound } from "@/ui/NotFound";
import { Page } from "@/ui/Page";
import { EmptyState } from "@/ui/States";
import styles from "./PlacePage.module.css";

const regions = new Intl.DisplayNames(undefined, { type: "region" });

export default function PlacePage() {
  const { placeId = "" } = useParams();
  const { data: place, error } = useQuery(placeQuery(placeId));
  const query = useInfiniteQuery(placePostsQuery(placeId));
  useTitle(place?.name ?? "Place");
  if (error instanceof ApiError && error.isNotFound) return <NotFound what="place" />;
  return (
    <Page title={place?.name ?? "Place"} width="grid" back={paths.home}>
      {place?.country && <p className={styles.note}>{regions.of(place.country)}</p>}
      <PostListing
        query={query}
        label="Loading posts"
        empty={
          <EmptyState
            icon={<MapPin size={32} strokeWidth={1.6} />}
            title="No posts from here yet"
            text="What people share from this place will show up here."
          />
        }
      />
    </Page>
  );
}
