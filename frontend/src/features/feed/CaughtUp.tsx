// Where the new posts end, and where the feed does.
import { Sparkle } from "lucide-react";
import { useEffect, useRef } from "react";
import styles from "./CaughtUp.module.css";

/** Between what is new and what was here before. `onSeen`: it was on the screen. */
export function CaughtUpMark({ onSeen }: { onSeen: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(onSeen);
  useEffect(() => {
    latest.current = onSeen;
  });
  useEffect(() => {
    const mark = ref.current;
    if (!mark) return;
    const observer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && latest.current(),
    );
    observer.observe(mark);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={ref} className={styles.mark}>
      <Sparkle size={22} aria-hidden="true" />
      <p>
        <strong>You're all caught up</strong>
        <br />
        Below is what was here on your last visit.
      </p>
    </div>
  );
}

/** `hasMark`: the words stand further up already. */
export function FeedEnd({ hasMark }: { hasMark: boolean }) {
  return (
    <div className={styles.end}>
      <Sparkle size={22} aria-hidden="true" />
      <p>
        {!hasMark && (
          <>
            <strong>You're all caught up</strong>
            <br />
          </>
        )}
        That was everything from your people.
      </p>
    </div>
  );
}
