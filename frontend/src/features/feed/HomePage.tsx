// Home: the people one follows, newest first, and an end.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Search, Sparkle } from "lucide-react";
import { useLocation } from "react-router";
import { feedQuery } from "@/api/queries/posts";
import { entries } from "@/api/queryClient";
import { PostCardSkeleton } from "@/features/post/PostCardSkeleton";
import { useOverlayState } from "@/lib/overlay";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Flame } from "@/ui/Brand";
import { ButtonLink } from "@/ui/Button";
import { EmptyState, ErrorState, Loading, LoadMore } from "@/ui/States";
import { Feed } from "./Feed";
import styles from "./HomePage.module.css";
import { NewPosts } from "./NewPosts";

function FirstSteps() {
  const overlay = useOverlayState(true);
  return (
    <EmptyState
      icon={<Flame size={36} />}
      title="Light the first flame"
      text="Your home shows the people you follow, newest first, and nothing else. Find somebody, or share a picture of your own."
    >
      <ButtonLink variant="primary" to={paths.search}>
        <Search size={18} /> Find people
      </ButtonLink>
      <ButtonLink to={paths.create} state={overlay}>
        Share a picture
      </ButtonLink>
    </EmptyState>
  );
}

function CaughtUp() {
  return (
    <div className={styles.end}>
      <Sparkle size={22} aria-hidden="true" />
      <p>
        <strong>You're all caught up</strong>
        <br />
        That was everything from your people.
      </p>
    </div>
  );
}

export function HomePage() {
  useTitle("Home");
  const query = useInfiniteQuery(feedQuery);
  const { key } = useLocation();
  const posts = entries(query.data);

  return (
    <div className={styles.column}>
      <h1 className="visually-hidden">Home</h1>
      {query.isPending && (
        <Loading label="Loading your feed">
          <PostCardSkeleton />
          <PostCardSkeleton />
        </Loading>
      )}
      {query.isError && posts.length === 0 && (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      )}
      {query.isSuccess && posts.length === 0 && <FirstSteps />}
      {posts.length > 0 && (
        <>
          <NewPosts newest={posts[0]} />
          <Feed posts={posts} historyKey={key} isBusy={query.isFetchingNextPage} />
          <LoadMore
            hasMore={query.hasNextPage}
            isLoading={query.isFetchingNextPage}
            failed={query.isFetchNextPageError}
            load={() => void query.fetchNextPage()}
          />
          {!query.hasNextPage && <CaughtUp />}
        </>
      )}
    </div>
  );
}
