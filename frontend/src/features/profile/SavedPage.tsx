// What one has saved; nobody else sees it.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Bookmark } from "lucide-react";
import { useMe } from "@/api/queries/me";
import { savedQuery } from "@/api/queries/posts";
import { entries } from "@/api/queryClient";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Page } from "@/ui/Page";
import { EmptyState, ErrorState, Loading, LoadMore } from "@/ui/States";
import { PostGrid, PostGridSkeleton } from "./PostGrid";

export default function SavedPage() {
  useTitle("Saved");
  const me = useMe();
  const query = useInfiniteQuery(savedQuery);
  const posts = entries(query.data);
  return (
    <Page title="Saved" width="grid" back={me ? paths.profile(me.username) : paths.home}>
      {query.isPending && (
        <Loading label="Loading saved posts">
          <PostGridSkeleton />
        </Loading>
      )}
      {query.isError && posts.length === 0 && (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      )}
      {query.isSuccess && posts.length === 0 && (
        <EmptyState
          icon={<Bookmark size={32} strokeWidth={1.6} />}
          title="Nothing saved yet"
          text="Save a post to find it again. Only you see what you saved."
        />
      )}
      {posts.length > 0 && <PostGrid posts={posts} />}
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        failed={query.isFetchNextPageError}
        load={() => void query.fetchNextPage()}
      />
    </Page>
  );
}
