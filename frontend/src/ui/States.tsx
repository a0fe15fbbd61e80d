// What a list shows while it loads, when it is empty, when it failed and where it ends.
import { CloudOff } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { ApiError, sentence } from "@/api/problem";
import { Button } from "./Button";
import { classes } from "./classes";
import styles from "./States.module.css";

/** A grey place of the final size. */
export function Skeleton({ className }: { className?: string | undefined }) {
  return <span className={classes(styles.skeleton, className)} aria-hidden="true" />;
}

/** Shows its children after 150 ms, so that a quick answer never flickers. */
export function Loading({ label, children }: { label: string; children: ReactNode }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div aria-busy="true">
      <span className="visually-hidden">{label}</span>
      <div className={shown ? undefined : styles.waiting}>{children}</div>
    </div>
  );
}

interface EmptyProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text?: string;
  /** All that the page says, so that its title is the page's. */
  readonly isPage?: boolean;
  readonly children?: ReactNode;
}

export function EmptyState({ icon, title, text, isPage = false, children }: EmptyProps) {
  const Heading = isPage ? "h1" : "h2";
  return (
    <div className={styles.state}>
      <div className={styles.mark} aria-hidden="true">
        {icon}
      </div>
      <Heading className={styles.title}>{title}</Heading>
      {text && <p className={styles.text}>{text}</p>}
      {children && <div className={styles.actions}>{children}</div>}
    </div>
  );
}

export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <div className={styles.state} role="alert">
      <div className={styles.mark} aria-hidden="true">
        <CloudOff size={30} strokeWidth={1.6} />
      </div>
      <p className={styles.text}>{sentence(error)}</p>
      {error instanceof ApiError && <p className={styles.code}>{error.code}</p>}
      {retry && <Button onClick={retry}>Try again</Button>}
    </div>
  );
}

interface MoreProps {
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly failed: boolean;
  readonly load: () => void;
}

/** Asks for the next page when it comes near the screen; a button does the same. */
export function LoadMore({ hasMore, isLoading, failed, load }: MoreProps) {
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  const watching = hasMore && !isLoading && !failed;
  useEffect(() => {
    const mark = ref.current;
    if (!mark || !watching) return;
    const observer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && latest.current(),
      { rootMargin: "900px 0px" },
    );
    observer.observe(mark);
    return () => observer.disconnect();
  }, [watching]);
  if (!hasMore) return null;
  return (
    <div ref={ref} className={styles.more}>
      {failed && <p className={styles.text}>More could not be loaded.</p>}
      <Button variant="quiet" busy={isLoading} onClick={load}>
        {failed ? "Try again" : "Load more"}
      </Button>
    </div>
  );
}
