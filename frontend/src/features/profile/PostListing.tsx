// A grid of posts that goes on as one scrolls, with what it shows before, without and after them.
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { entries, type Pages } from "@/api/queryClient";
import type { Post } from "@/api/types";
import { useAsListing } from "@/features/post/neighbours";
import { ErrorState, Loading, LoadMore } from "@/ui/States";
import { PostGrid, PostGridSkeleton } from "./PostGrid";

interface PostListingProps {
  readonly query: UseInfiniteQueryResult<Pages<Post>>;
  /** What is told while it loads. */
  readonly label: string;
  readonly empty: ReactNode;
  /** Pinned posts are marked where they stand first. */
  readonly showsPins?: boolean;
}

export function PostListing({ query, label, empty, showsPins = false }: PostListingProps) {
  useAsListing(query);
  const posts = entries(query.data);
  if (query.isPending) {
    return (
      <Loading label={label}>
        <PostGridSkeleton />
      </Loading>
    );
  }
  if (query.isError && posts.length === 0) {
    return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  }
  if (posts.length === 0 && !query.hasNextPage) return empty;
  return (
    <>
      <PostGrid posts={posts} showsPins={showsPins} />
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        failed={query.isFetchNextPageError}
        load={() => void query.fetchNextPage()}
      />
    </>
  );
}
