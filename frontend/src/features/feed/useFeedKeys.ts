// J and K go from post to post; L likes, S saves and C opens the comments of the one at hand.
import { type RefObject, useRef } from "react";
import { useNavigate } from "react-router";
import type { Post } from "@/api/types";
import { useHotkeys } from "@/lib/hotkeys";
import { useOverlayState } from "@/lib/overlay";
import { paths } from "@/lib/paths";

/** The posts that are in the page now. */
export function articles(feed: HTMLElement | null): HTMLElement[] {
  return Array.from(feed?.querySelectorAll<HTMLElement>("[data-post]") ?? []);
}

/** The post that is focused, else the first one whose foot is still on the screen. */
function atHand(feed: HTMLElement | null): HTMLElement | undefined {
  const focused = document.activeElement?.closest<HTMLElement>("[data-post]");
  if (focused) return focused;
  return articles(feed).find((article) => article.getBoundingClientRect().bottom > innerHeight / 2);
}

export function useFeedKeys(
  feed: RefObject<HTMLElement | null>,
  posts: readonly Post[],
  scrollTo: (index: number) => void,
): void {
  const navigate = useNavigate();
  const overlay = useOverlayState();
  const isMoving = useRef(false);

  const indexAtHand = () => {
    const id = atHand(feed.current)?.dataset.post;
    return posts.findIndex((post) => post.id === id);
  };
  const move = (step: number) => {
    if (isMoving.current) return;
    const start = document.activeElement?.closest("[data-post]") ? step : Math.min(step, 0);
    const index = Math.min(Math.max(indexAtHand() + start, 0), posts.length - 1);
    const id = posts[index]?.id;
    if (id === undefined) return;
    isMoving.current = true;
    scrollTo(index);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        isMoving.current = false;
        const target = articles(feed.current).find((article) => article.dataset.post === id);
        target?.focus({ preventScroll: true });
      }),
    );
  };
  const press = (label: string) =>
    atHand(feed.current)?.querySelector<HTMLElement>(`button[aria-label="${label}"]`)?.click();

  useHotkeys({
    j: () => move(1),
    k: () => move(-1),
    l: () => press("Like"),
    s: () => press("Save"),
    c: () => {
      const post = posts[indexAtHand()];
      if (post) navigate(paths.post(post.shortcode), { state: overlay });
    },
  });
}
