// Moving entries of a row by drag: at once with a mouse, after a short press with a finger, which may scroll.
import { type PointerEvent, useEffect, useRef, useState } from "react";

const MOUSE_PX = 6;
const PRESS_MS = 300;
const PRESS_PX = 8;

interface Start {
  readonly x: number;
  readonly y: number;
  readonly pointerId: number;
}

/** The entry whose middle is nearest. */
export function nearest(middles: readonly number[], x: number): number {
  const distances = middles.map((middle) => Math.abs(middle - x));
  return distances.indexOf(Math.min(...distances));
}

/** `ref` is the list, whose first `count` children are the entries; `lifted` is the one in the hand. */
export function useReorder(
  count: number,
  move: (from: number, to: number) => void,
  drop: (at: number) => void,
) {
  const ref = useRef<HTMLOListElement>(null);
  const [lifted, setLifted] = useState<number | null>(null);
  const at = useRef<number | null>(null);
  const start = useRef<Start | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const swallowsClick = useRef(false);

  const lift = (index: number | null) => {
    at.current = index;
    setLifted(index);
  };
  const end = () => {
    clearTimeout(timer.current);
    start.current = null;
    if (at.current === null) return;
    swallowsClick.current = true;
    setTimeout(() => {
      swallowsClick.current = false;
    });
    drop(at.current);
    lift(null);
  };

  // A finger that holds an entry must not scroll the row; React's listeners could not forbid it.
  useEffect(() => {
    const list = ref.current;
    const hold = (event: TouchEvent) => {
      if (at.current !== null) event.preventDefault();
    };
    list?.addEventListener("touchmove", hold, { passive: false });
    return () => {
      clearTimeout(timer.current);
      list?.removeEventListener("touchmove", hold);
    };
  }, []);

  const handlersOf = (index: number) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0 || count < 2) return;
      start.current = { x: event.clientX, y: event.clientY, pointerId: event.pointerId };
      if (event.pointerType !== "mouse") timer.current = setTimeout(() => lift(index), PRESS_MS);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const from = start.current;
      if (from?.pointerId !== event.pointerId) return;
      const far = Math.hypot(event.clientX - from.x, event.clientY - from.y);
      if (at.current === null) {
        if (event.pointerType === "mouse" && far > MOUSE_PX) lift(index);
        else if (far > PRESS_PX) clearTimeout(timer.current);
      }
      if (at.current === null) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const entries = Array.from(ref.current?.children ?? []).slice(0, count);
      const middles = entries.map((entry) => {
        const { left, width } = entry.getBoundingClientRect();
        return left + width / 2;
      });
      const to = nearest(middles, event.clientX);
      if (to === at.current) return;
      move(at.current, to);
      lift(to);
    },
    onPointerUp: end,
    onPointerCancel: end,
    onClickCapture: (event: { stopPropagation: () => void; preventDefault: () => void }) => {
      if (!swallowsClick.current) return;
      event.stopPropagation();
      event.preventDefault();
    },
  });
  return { ref, lifted, handlersOf };
}
