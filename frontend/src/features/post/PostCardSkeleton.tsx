// The place of a post while the feed loads.
import { Skeleton } from "@/ui/States";
import styles from "./PostCardSkeleton.module.css";

export function PostCardSkeleton() {
  return (
    <div className={styles.card}>
      <div className={styles.header}>
        <Skeleton className={styles.avatar} />
        <Skeleton className={styles.name} />
      </div>
      <Skeleton className={styles.picture} />
      <Skeleton className={styles.line} />
      <Skeleton className={styles.short} />
    </div>
  );
}
