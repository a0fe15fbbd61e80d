// The endless list of posts: only what is near the screen is in the page.
import { useCallback, useLayoutEffect, useRef } from "react";
import { type CacheSnapshot, WindowVirtualizer, type WindowVirtualizerHandle } from "virtua";
import type { Post } from "@/api/types";
import { PostCard } from "@/features/post/PostCard";
import { CaughtUpMark } from "./CaughtUp";
import styles from "./Feed.module.css";
import { type PlaceOptions, useFeedPlace } from "./place";
import type { Seen } from "./seen";
import { useFeedKeys } from "./useFeedKeys";

// Measured heights by place in the history, so that going back finds every post where it was.
const heights = new Map<string, CacheSnapshot>();
const ROW_HINT = 760;

/** Whether a feed was shown at this entry of the history since the page was loaded, or at any. */
export function wasShown(historyKey?: string): boolean {
  return historyKey === undefined ? heights.size > 0 : heights.has(historyKey);
}

interface FeedProps {
  readonly posts: readonly Post[];
  readonly historyKey: string;
  readonly isBusy: boolean;
  readonly seen: Seen;
  readonly reading: Pick<PlaceOptions, "more" | "hasMore" | "pages" | "goal" | "onArrived">;
}

export function Feed({ posts, historyKey, isBusy, seen, reading }: FeedProps) {
  const list = useRef<WindowVirtualizerHandle>(null);
  const feedRef = useRef<HTMLDivElement>(null);
  useFeedKeys(feedRef, posts, (index) => list.current?.scrollToIndex(index));
  const scrollTo = useCallback(
    (index: number, offset: number) =>
      list.current?.scrollToIndex(index, { align: "start", offset }),
    [],
  );
  useFeedPlace({ ...reading, feed: feedRef, posts, historyKey, scrollTo });

  useLayoutEffect(() => {
    const handle = list.current;
    return () => {
      if (handle) heights.set(historyKey, handle.cache);
    };
  }, [historyKey]);

  const cache = heights.get(historyKey);
  return (
    <div
      ref={feedRef}
      role="feed"
      aria-label="Home feed"
      aria-busy={isBusy}
      className={styles.feed}
    >
      <WindowVirtualizer
        ref={list}
        itemSize={ROW_HINT}
        {...(cache && cache[0].length <= posts.length && { cache })}
      >
        {posts.map((post, index) => (
          <article
            key={post.id}
            className={styles.post}
            aria-posinset={index + 1}
            aria-setsize={-1}
            aria-label={`Post by ${post.author.username}`}
            data-post={post.id}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: the articles of a feed take the focus (WAI-ARIA)
            tabIndex={0}
          >
            {index === seen.markAt && <CaughtUpMark onSeen={seen.reached} />}
            <PostCard post={post} eager={index === 0} />
          </article>
        ))}
      </WindowVirtualizer>
    </div>
  );
}
