// A moment, short to look at and exact on request; it grows older while one looks.
import { useSyncExternalStore } from "react";
import { exactTime, shortAge } from "@/lib/time";

const MINUTE_MS = 60_000;

/** Looks again every minute. */
function subscribe(tick: () => void): () => void {
  const timer = setInterval(tick, MINUTE_MS);
  return () => clearInterval(timer);
}

export function Time({ at, className }: { at: string; className?: string | undefined }) {
  const age = useSyncExternalStore(subscribe, () => shortAge(at));
  return (
    <time dateTime={at} title={exactTime(at)} className={className}>
      {age}
    </time>
  );
}
