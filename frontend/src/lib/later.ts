// What is done a little later, so that it can still be taken back: for what the server cannot undo.
const waiting = new Set<() => void>();

/** As long as a message with "Undo" is on the screen. */
export const UNDO_MS = 8000;

/** Runs `work` after the time for second thoughts, or when the page is left. Returns how to call it off. */
export function later(work: () => void, ms = UNDO_MS): () => void {
  const run = () => {
    stop();
    work();
  };
  const timer = setTimeout(run, ms);
  const stop = () => {
    clearTimeout(timer);
    waiting.delete(run);
  };
  waiting.add(run);
  return stop;
}

/** Does at once all that waits. */
export function runWaiting(): void {
  for (const run of [...waiting]) run();
}

if (typeof addEventListener === "function") addEventListener("pagehide", runWaiting);
