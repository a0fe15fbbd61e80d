// Up to where one knows the feed: what is above the mark came since the last visit.
import { useEffect, useState } from "react";
import type { Post } from "@/api/types";
import { store, stored } from "@/lib/storage";

const timeOf = (at: string | null | undefined) => (at ? Date.parse(at) : Number.NaN);

/** Which post is the first that was here before; -1 when none was, or when nothing is new. */
export function firstKnown(
  posts: readonly Pick<Post, "published_at">[],
  newestBefore: string | null,
): number {
  const before = timeOf(newestBefore);
  if (Number.isNaN(before)) return -1;
  const index = posts.findIndex((post) => timeOf(post.published_at) <= before);
  return index > 0 ? index : -1;
}

const nameOf = (userId: string) => `jyoti.feed.seen.${userId}`;

export interface Seen {
  /** The post that has the mark above it. */
  readonly markAt: number;
  /** The mark was on the screen: all above it is known from now on. */
  readonly reached: () => void;
  /** New posts were asked for: they are new against all that was there. */
  readonly renew: () => void;
}

/** What this browser knows of one person's feed. */
function useBefore(userId: string) {
  const read = () => ({ userId, newest: userId ? stored(nameOf(userId)) : null });
  const [before, setBefore] = useState(read);
  if (before.userId !== userId) setBefore(read());
  return [before.newest, (newest: string | null) => setBefore({ userId, newest })] as const;
}

export function useSeen(userId: string, posts: readonly Post[]): Seen {
  const [before, setBefore] = useBefore(userId);
  const newest = posts[0]?.published_at ?? null;
  const keep = () => {
    if (newest && userId) store(nameOf(userId), newest);
  };
  // The first visit, and one that brings nothing new, need no mark to be reached.
  const isKnown = before === null || timeOf(newest) <= timeOf(before);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each newest post
  useEffect(() => {
    if (isKnown) keep();
  }, [isKnown, newest, userId]);
  return { markAt: firstKnown(posts, before), reached: keep, renew: () => setBefore(newest) };
}
