// Home: the people one follows, newest first, and an end.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Search, Sparkle } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useLocation } from "react-router";
import { feedQuery } from "@/api/queries/posts";
import { entries } from "@/api/queryClient";
import { PostCardSkeleton } from "@/features/post/PostCardSkeleton";
import { useMediaQuery } from "@/lib/media";
import { useOverlayState } from "@/lib/overlay";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Flame } from "@/ui/Brand";
import { Button, ButtonLink } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { EmptyState, ErrorState, Loading, LoadMore } from "@/ui/States";
import { Feed } from "./Feed";
import styles from "./HomePage.module.css";
import { NewPosts } from "./NewPosts";

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

export function HomePage() {
  useTitle("Home");
  const query = useInfiniteQuery(feedQuery);
  const { key } = useLocation();
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
        {posts.length > 0 && !isChoosing && (
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
