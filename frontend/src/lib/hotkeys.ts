// Single-key shortcuts; they rest while somebody types and can be switched off (WCAG 2.1.4).
import { useEffect, useRef } from "react";
import { shortcutsOn } from "./preferences";

export type Hotkeys = Readonly<Record<string, () => void>>;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select, [role=textbox]"))
  );
}

/** Inside of these the arrow keys have a meaning already. */
const TAKES_ARROWS = "input, textarea, select, [role=textbox], [role=slider], video, [popover]";

/** Left (-1) and right (1) in the one open dialog, where nothing that has the focus takes them. */
export function useArrowKeys(move: (step: -1 | 1) => void): void {
  const latest = useRef(move);
  useEffect(() => {
    latest.current = move;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = ({ ArrowLeft: -1, ArrowRight: 1 } as const)[event.key];
      const isOther = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
      if (!step || isOther || event.repeat || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest(TAKES_ARROWS)) return;
      if (document.querySelectorAll("dialog[open]").length > 1) return;
      event.preventDefault();
      latest.current(step);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

/** Listens for `keys` (as in `KeyboardEvent.key`, lower case) while the component is mounted. */
export function useHotkeys(keys: Hotkeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (!shortcutsOn.get() || isTyping(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      const run = latest.current[event.key.toLowerCase()];
      if (!run) return;
      event.preventDefault();
      run();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
