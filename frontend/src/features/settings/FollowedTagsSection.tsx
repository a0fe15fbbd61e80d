// Hashtags whose posts come to one's home.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Hash } from "lucide-react";
import { Link } from "react-router";
import { followedTagsQuery } from "@/api/queries/discover";
import { TagFollowButton } from "@/features/tags/TagFollowButton";
import { paths } from "@/lib/paths";
import { plural } from "@/lib/text";
import { EmptyState, ErrorState, LoadMore } from "@/ui/States";
import { GroupSkeleton, Groups, Item } from "./parts";
import parts from "./parts.module.css";
import styles from "./people.module.css";

export default function FollowedTagsSection() {
  const query = useInfiniteQuery(followedTagsQuery);
  const tags = query.data?.pages.flatMap((page) => page.results) ?? [];
  if (query.isPending) return <GroupSkeleton label="Loading hashtags" rows={3} />;
  if (query.isError && tags.length === 0) {
    return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  }
  if (tags.length === 0) {
    return (
      <EmptyState
        icon={<Hash size={30} strokeWidth={1.6} />}
        title="You follow no hashtags"
        text="Open a hashtag from a caption and follow it: its posts come to your home."
      />
    );
  }
  return (
    <>
      <h2 className="visually-hidden">Hashtags</h2>
      <p className={styles.text}>Their posts come to your home, up to 100 hashtags.</p>
      <Groups>
        <div className={parts.card}>
          {tags.map((tag) => (
            <Item
              key={tag.name}
              label={<Link to={paths.tag(tag.name)}>#{tag.name}</Link>}
              note={plural(tag.posts_count, "post")}
            >
              <TagFollowButton tag={tag} />
            </Item>
          ))}
        </div>
      </Groups>
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        failed={query.isFetchNextPageError}
        load={() => void query.fetchNextPage()}
      />
    </>
  );
}
