// A hashtag: its newest or most liked posts, and following it.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Hash } from "lucide-react";
import { useParams, useSearchParams } from "react-router";
import { ApiError } from "@/api/problem";
import { type TagSort, tagPostsQuery, tagQuery } from "@/api/queries/discover";
import { PostListing } from "@/features/profile/PostListing";
import { paths } from "@/lib/paths";
import { plural } from "@/lib/text";
import { useTitle } from "@/lib/title";
import { Choice } from "@/ui/Field";
import { NotFound } from "@/ui/NotFound";
import { Page } from "@/ui/Page";
import { EmptyState } from "@/ui/States";
import { TagFollowButton } from "./TagFollowButton";
import styles from "./TagPage.module.css";

const SORTS = [
  { value: "recent", label: "Recent" },
  { value: "top", label: "Top" },
] as const;

export default function TagPage() {
  const { name = "" } = useParams();
  const [search, setSearch] = useSearchParams();
  const sort: TagSort = search.get("sort") === "top" ? "top" : "recent";
  const { data: tag, error } = useQuery(tagQuery(name));
  const query = useInfiniteQuery(tagPostsQuery(name, sort));
  const title = `#${tag?.name ?? name}`;
  useTitle(title);
  if (error instanceof ApiError && error.isNotFound) return <NotFound what="hashtag" />;
  return (
    <Page
      title={title}
      width="grid"
      back={paths.home}
      action={tag && <TagFollowButton tag={tag} />}
    >
      <div className={styles.bar}>
        <p className={styles.count}>{tag ? plural(tag.posts_count, "post") : "\u00a0"}</p>
        <div className={styles.sort}>
          <Choice
            legend="Order"
            value={sort}
            options={SORTS}
            onChange={(value) =>
              setSearch(value === "top" ? { sort: value } : {}, { replace: true })
            }
          />
        </div>
      </div>
      <PostListing
        query={query}
        label="Loading posts"
        empty={
          <EmptyState
            icon={<Hash size={32} strokeWidth={1.6} />}
            title="No posts yet"
            text={`Write ${title} in a caption, and the post shows up here.`}
          />
        }
      />
    </Page>
  );
}
