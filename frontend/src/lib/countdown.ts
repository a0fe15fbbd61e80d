// Seconds until a moment, told anew every second.
import { useEffect, useState } from "react";

export function secondsUntil(moment: number, now = Date.now()): number {
  return Math.max(0, Math.ceil((moment - now) / 1000));
}

/** Whole seconds until `moment` (ms since 1970), 0 when it has passed. */
export function useCountdown(moment: number): number {
  const [left, setLeft] = useState(() => secondsUntil(moment));
  useEffect(() => {
    setLeft(secondsUntil(moment));
    if (secondsUntil(moment) === 0) return undefined;
    const timer = setInterval(() => {
      const now = secondsUntil(moment);
      setLeft(now);
      if (now === 0) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
  }, [moment]);
  return left;
}
