// The place in the feed, by post and not by pixels: kept over a reload in this tab, and for other devices by the server.
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { keepMarker } from "@/api/queries/feed";
import type { Post } from "@/api/types";
import { later } from "@/lib/later";
import { keepInTab, keptInTab } from "@/lib/tab";
import { articles } from "./useFeedKeys";

export interface Place {
  readonly postId: string;
  /** When the post was published: the place after it is gone. */
  readonly at: string;
  /** How far its top is above that of the window, in pixels. */
  readonly offset: number;
}

interface TabPlace extends Place {
  /** The entry of the history that it belongs to. */
  readonly key: string;
}

const NAME = "jyoti.feed.place";
const TOP_BAR = 60;
const REST_MS = 250;
const MARKER_MS = 2000;
const MOST_PAGES = 20;

/** An address that was typed begins at the top; a reload and a way back do not. */
function isReturn(): boolean {
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return entry !== undefined && entry.type !== "navigate";
}

/** The place that this tab had at this entry of the history before it was loaded anew. */
export function placeInTab(key: string): Place | null {
  if (!isReturn()) return null;
  try {
    const kept = JSON.parse(keptInTab(NAME) ?? "null") as TabPlace | null;
    return kept?.key === key ? kept : null;
  } catch {
    return null;
  }
}

type Published = Pick<Post, "id" | "published_at">;

/** Which post stands at the place: it, or the next older one when it is gone. -1: not read that far yet. */
export function indexOfPlace(posts: readonly Published[], place: Place): number {
  const itself = posts.findIndex((post) => post.id === place.postId);
  if (itself >= 0) return itself;
  const at = Date.parse(place.at);
  return posts.findIndex((post) => Date.parse(post.published_at ?? "") < at);
}

function placeOnScreen(feed: HTMLElement | null, posts: readonly Post[]): Place | null {
  const article = articles(feed).find((one) => one.getBoundingClientRect().bottom > TOP_BAR);
  const post = posts.find((one) => one.id === article?.dataset.post);
  if (!article || !post?.published_at) return null;
  const offset = Math.round(-article.getBoundingClientRect().top);
  return { postId: post.id, at: post.published_at, offset };
}

export interface PlaceOptions {
  readonly feed: RefObject<HTMLElement | null>;
  readonly posts: readonly Post[];
  readonly historyKey: string;
  readonly scrollTo: (index: number, offset: number) => void;
  /** Reads the next page; null while it does, and at the end. */
  readonly more: (() => void) | null;
  readonly hasMore: boolean;
  readonly pages: number;
  /** Where to go; null when one is there, or went elsewhere. */
  readonly goal: Place | null;
  readonly onArrived: () => void;
}

/** Goes to the goal, reading on until it is reached. */
function useGoing({ posts, goal, onArrived, scrollTo, more, hasMore, pages }: PlaceOptions): void {
  useEffect(() => {
    if (!goal) return;
    const index = indexOfPlace(posts, goal);
    if (index >= 0) {
      scrollTo(index, posts[index]?.id === goal.postId ? goal.offset : 0);
      onArrived();
    } else if (!hasMore || pages >= MOST_PAGES) onArrived();
    else more?.();
  }, [posts, goal, onArrived, scrollTo, more, hasMore, pages]);
  // Whoever scrolls has another wish.
  useEffect(() => {
    if (!goal) return;
    const kinds = ["wheel", "touchmove", "keydown"] as const;
    for (const kind of kinds) addEventListener(kind, onArrived, { passive: true });
    return () => {
      for (const kind of kinds) removeEventListener(kind, onArrived);
    };
  }, [goal, onArrived]);
}

/** Keeps where one reads, and goes where one was. */
export function useFeedPlace(options: PlaceOptions): void {
  useGoing(options);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let callOff = () => {};
    let marked = "";
    const keep = () => {
      const { feed, posts, historyKey: key, goal } = latest.current;
      const place = goal ? null : placeOnScreen(feed.current, posts);
      if (!place) return;
      keepInTab(NAME, JSON.stringify({ key, ...place } satisfies TabPlace));
      if (place.postId === marked) return;
      callOff();
      callOff = later(() => {
        marked = place.postId;
        // The next place is told anew.
        keepMarker(place.postId).catch(() => {});
      }, MARKER_MS);
    };
    const onScroll = () => {
      clearTimeout(timer);
      timer = setTimeout(keep, REST_MS);
    };
    addEventListener("scroll", onScroll, { passive: true });
    addEventListener("pagehide", keep);
    return () => {
      clearTimeout(timer);
      removeEventListener("scroll", onScroll);
      removeEventListener("pagehide", keep);
    };
  }, []);
}

/** Where to go: at first where this tab was at `historyKey`, null for an entry that needs no help. */
export function useGoal(historyKey: string | null) {
  const [goal, setGoal] = useState(() => (historyKey === null ? null : placeInTab(historyKey)));
  const arrived = useCallback(() => setGoal(null), []);
  return { goal, setGoal, arrived };
}
