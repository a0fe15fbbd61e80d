// One's own lists that nobody else sees: drafts, scheduled, archive, liked and the bin.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Archive, Heart } from "lucide-react";
import type { ComponentType } from "react";
import { NavLink, useParams } from "react-router";
import { useMe } from "@/api/queries/me";
import { archiveQuery, likedQuery } from "@/api/queries/ownPosts";
import { PostListing } from "@/features/profile/PostListing";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { NotFound } from "@/ui/NotFound";
import { Page } from "@/ui/Page";
import { EmptyState } from "@/ui/States";
import Bin from "./Bin";
import Drafts from "./Drafts";
import styles from "./OwnPage.module.css";
import Scheduled from "./Scheduled";

function Archived() {
  return (
    <PostListing
      query={useInfiniteQuery(archiveQuery)}
      label="Loading your archive"
      empty={
        <EmptyState
          icon={<Archive size={32} strokeWidth={1.6} />}
          title="Nothing archived"
          text="“Archive” in the menu of a post takes it off your profile, and keeps its likes and comments."
        />
      }
    />
  );
}

function Liked() {
  return (
    <PostListing
      query={useInfiniteQuery(likedQuery)}
      label="Loading what you liked"
      empty={
        <EmptyState
          icon={<Heart size={32} strokeWidth={1.6} />}
          title="Nothing liked yet"
          text="What you like shows up here, the latest first."
        />
      }
    />
  );
}

const LISTS: readonly { slug: string; label: string; body: ComponentType; isGrid?: boolean }[] = [
  { slug: "drafts", label: "Drafts", body: Drafts },
  { slug: "scheduled", label: "Scheduled", body: Scheduled },
  { slug: "archive", label: "Archive", body: Archived, isGrid: true },
  { slug: "liked", label: "Liked", body: Liked, isGrid: true },
  { slug: "bin", label: "Bin", body: Bin },
];

export default function OwnPage() {
  const { list = "" } = useParams();
  const me = useMe();
  const shown = LISTS.find(({ slug }) => slug === list);
  useTitle(shown?.label ?? "");
  if (!shown) return <NotFound />;
  const { label, body: Body, isGrid } = shown;
  return (
    <Page
      title={label}
      width={isGrid ? "grid" : "narrow"}
      back={me ? paths.profile(me.username) : paths.home}
    >
      <nav className={styles.tabs} aria-label="Your posts">
        {LISTS.map(({ slug, label: name }) => (
          <NavLink key={slug} to={paths.own(slug)} replace>
            {name}
          </NavLink>
        ))}
      </nav>
      <Body />
    </Page>
  );
}
