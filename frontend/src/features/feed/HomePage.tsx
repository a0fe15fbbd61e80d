// Home: the people one follows, newest first, and an end.
import { type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useLocation } from "react-router";
import { useMe } from "@/api/queries/me";
import { feedQuery } from "@/api/queries/posts";
import { entries, type Pages } from "@/api/queryClient";
import type { Post } from "@/api/types";
import { PostCardSkeleton } from "@/features/post/PostCardSkeleton";
import { useMediaQuery } from "@/lib/media";
import { useOverlayState } from "@/lib/overlay";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Flame } from "@/ui/Brand";
import { Button, ButtonLink } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { EmptyState, ErrorState, Loading, LoadMore } from "@/ui/States";
import { FeedEnd } from "./CaughtUp";
import { Feed, wasShown } from "./Feed";
import { GoOn } from "./GoOn";
import styles from "./HomePage.module.css";
import { NewPosts } from "./NewPosts";
import { useGoal } from "./place";
import { useSeen } from "./seen";

const HomeAside = lazy(() => import("@/features/people/HomeAside"));
const FindYourPeople = lazy(() => import("@/features/people/FindYourPeople"));

/** `goOn`: somebody is followed by now, and the feed has posts. */
function FirstSteps({ goOn }: { goOn: (() => void) | null }) {
  const overlay = useOverlayState(true);
  return (
    <>
      <EmptyState
        icon={<Flame size={36} />}
        title="Light the first flame"
        text="Your home shows the people you follow, newest first, and nothing else. Find somebody, or share a picture of your own."
      >
        {goOn ? (
          <Button variant="primary" onClick={goOn}>
            See your home
          </Button>
        ) : (
          <ButtonLink variant="primary" to={paths.search}>
            <Search size={18} /> Find people
          </ButtonLink>
        )}
        <ButtonLink to={paths.create} state={overlay}>
          Share a picture
        </ButtonLink>
      </EmptyState>
      <section className={styles.start} aria-label="People you may know">
        <Suspense fallback={null}>
          <FindYourPeople most={8} isQuiet />
        </Suspense>
      </section>
    </>
  );
}

type FeedResult = UseInfiniteQueryResult<Pages<Post>>;

interface FoundFeed {
  readonly isEmpty: boolean;
  /** Nothing newer is on its way. */
  readonly isSettled: boolean;
  readonly hasOwn: boolean;
}

/** A home that was found empty stays a place to choose people until one asks for the posts, or shares one. */
function useFirstSteps({ isEmpty, isSettled, hasOwn }: FoundFeed) {
  const [isChoosing, setChoosing] = useState(false);
  const wasFoundEmpty = isEmpty && isSettled;
  useEffect(() => {
    if (wasFoundEmpty) setChoosing(true);
  }, [wasFoundEmpty]);
  return { isChoosing: isEmpty || (isChoosing && !hasOwn), stop: () => setChoosing(false) };
}

/** The posts, and what is said above, between and below them. */
function Posts({ query, posts }: { query: FeedResult; posts: readonly Post[] }) {
  const { key } = useLocation();
  const { goal, setGoal, arrived } = useGoal(wasShown(key) ? null : key);
  const [offersPlace] = useState(goal === null && !wasShown());
  const myId = useMe()?.id ?? "";
  const seen = useSeen(myId, posts);
  const more = () => void query.fetchNextPage({ cancelRefetch: false });
  return (
    <>
      <NewPosts newest={posts[0]} onShow={seen.renew} />
      {offersPlace && <GoOn posts={posts} onGo={setGoal} />}
      <Feed
        posts={posts}
        historyKey={key}
        isBusy={query.isFetchingNextPage}
        seen={seen}
        reading={{
          more: query.hasNextPage && !query.isFetching && !query.isError ? more : null,
          hasMore: query.hasNextPage,
          pages: query.data?.pages.length ?? 0,
          goal,
          onArrived: arrived,
        }}
      />
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        failed={query.isFetchNextPageError}
        load={more}
      />
      {!query.hasNextPage && <FeedEnd hasMark={seen.markAt >= 0} />}
    </>
  );
}

export function HomePage() {
  useTitle("Home");
  const query = useInfiniteQuery(feedQuery);
  const posts = entries(query.data);
  const hasAside = useMediaQuery("(min-width: 1024px)");
  const { isChoosing, stop } = useFirstSteps({
    isEmpty: query.isSuccess && posts.length === 0,
    isSettled: !query.isFetching,
    hasOwn: posts.some((post) => post.viewer.own),
  });

  return (
    <div className={classes(hasAside && !isChoosing && styles.withAside)}>
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
        {isChoosing && <FirstSteps goOn={posts.length > 0 ? stop : null} />}
        {posts.length > 0 && !isChoosing && <Posts query={query} posts={posts} />}
      </div>
      {hasAside && !isChoosing && (
        <aside className={styles.aside} aria-label="For you">
          <Suspense fallback={null}>
            <HomeAside />
          </Suspense>
        </aside>
      )}
    </div>
  );
}
