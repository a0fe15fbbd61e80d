// The endless list of posts: only what is near the screen is in the page.
import { useLayoutEffect, useRef } from "react";
import { type CacheSnapshot, WindowVirtualizer, type WindowVirtualizerHandle } from "virtua";
import type { Post } from "@/api/types";
import { PostCard } from "@/features/post/PostCard";
import styles from "./Feed.module.css";
import { useFeedKeys } from "./useFeedKeys";

// Measured heights by place in the history, so that going back finds every post where it was.
const heights = new Map<string, CacheSnapshot>();
const ROW_HINT = 760;

interface FeedProps {
  readonly posts: readonly Post[];
  readonly historyKey: string;
  readonly isBusy: boolean;
}

export function Feed({ posts, historyKey, isBusy }: FeedProps) {
  const list = useRef<WindowVirtualizerHandle>(null);
  const feedRef = useRef<HTMLDivElement>(null);
  useFeedKeys(feedRef, posts, (index) => list.current?.scrollToIndex(index));

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
            <PostCard post={post} eager={index === 0} />
          </article>
        ))}
      </WindowVirtualizer>
    </div>
  );
}
