// What one has saved, and its collections; nobody else sees them.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Bookmark } from "lucide-react";
import { useMe } from "@/api/queries/me";
import { savedQuery } from "@/api/queries/posts";
import { PostListing } from "@/features/profile/PostListing";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Page } from "@/ui/Page";
import { EmptyState } from "@/ui/States";
import { Collections } from "./Collections";
import styles from "./saved.module.css";

export default function SavedPage() {
  useTitle("Saved");
  const me = useMe();
  return (
    <Page title="Saved" width="grid" back={me ? paths.profile(me.username) : paths.home}>
      <Collections />
      <h2 className={styles.allSaved}>All saved posts</h2>
      <PostListing
        query={useInfiniteQuery(savedQuery)}
        label="Loading saved posts"
        empty={
          <EmptyState
            icon={<Bookmark size={32} strokeWidth={1.6} />}
            title="Nothing saved yet"
            text="Save a post to find it again. Only you see what you saved."
          />
        }
      />
    </Page>
  );
}
