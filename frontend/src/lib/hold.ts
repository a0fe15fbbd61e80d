// A long press, which the click that ends it must not follow.
import { type PointerEvent, useEffect, useRef } from "react";

const HOLD_MS = 500;
const HOLD_PX = 10;

interface Swallowed {
  preventDefault(): void;
  stopPropagation(): void;
}

/** Handlers for a button; what they do must also be reached another way, by keys. */
export function useHold(act: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const start = useRef({ x: 0, y: 0 });
  const wasHeld = useRef(false);
  useEffect(() => () => clearTimeout(timer.current), []);
  const stop = () => clearTimeout(timer.current);
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      start.current = { x: event.clientX, y: event.clientY };
      wasHeld.current = false;
      timer.current = setTimeout(() => {
        wasHeld.current = true;
        act();
      }, HOLD_MS);
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      if (Math.hypot(clientX - start.current.x, clientY - start.current.y) > HOLD_PX) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    // A finger that holds would open the browser's own menu.
    onContextMenu: (event: Swallowed) => {
      if (wasHeld.current) event.preventDefault();
    },
    onClickCapture: (event: Swallowed) => {
      if (!wasHeld.current) return;
      wasHeld.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
