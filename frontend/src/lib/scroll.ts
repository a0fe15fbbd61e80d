// Scroll positions: a new page starts at its top, going back returns to where one was.
import { useEffect, useLayoutEffect } from "react";
import { type Location, NavigationType, useNavigationType } from "react-router";

const positions = new Map<string, number>();
const PATIENCE_MS = 1200;

/** Scrolls to `top` as soon as the page is high enough; gives up when the person scrolls or it takes too long. */
function scrollWhenPossible(top: number): () => void {
  const until = performance.now() + PATIENCE_MS;
  let frame = 0;
  const stop = () => {
    cancelAnimationFrame(frame);
    removeEventListener("wheel", stop);
    removeEventListener("touchstart", stop);
  };
  const step = () => {
    scrollTo(0, top);
    if (Math.abs(scrollY - top) < 2 || performance.now() > until) stop();
    else frame = requestAnimationFrame(step);
  };
  addEventListener("wheel", stop, { passive: true });
  addEventListener("touchstart", stop, { passive: true });
  step();
  return stop;
}

/** Keeps and restores the position of the page at `location`. */
export function useScrollPosition(location: Location): void {
  const type = useNavigationType();
  const { key } = location;

  useEffect(() => {
    history.scrollRestoration = "manual";
  }, []);

  // Not later than the new page: what the old one loses by it is no wish to be kept.
  useLayoutEffect(() => {
    const keep = () => positions.set(key, scrollY);
    addEventListener("scroll", keep, { passive: true });
    return () => removeEventListener("scroll", keep);
  }, [key]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new page moves the view
  useLayoutEffect(() => {
    const kept = positions.get(key);
    if (type === NavigationType.Pop && kept !== undefined) return scrollWhenPossible(kept);
    scrollTo(0, 0);
    return undefined;
  }, [key]);
}
