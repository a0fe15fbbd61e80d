// A post of one's own that is not out, as a row: what it is, where it stands, and what can be done.
import type { ReactNode } from "react";
import type { Post } from "@/api/types";
import { PostThumb } from "@/features/post/PostThumb";
import { shots } from "@/lib/text";
import { Skeleton } from "@/ui/States";
import styles from "./KeptRow.module.css";

/** How a row and its buttons are named. */
export function nameOf(post: Post): string {
  return post.caption.trim().split("\n", 1)[0]?.slice(0, 80) || "No caption";
}

interface KeptRowProps {
  readonly post: Post;
  readonly note: ReactNode;
  readonly children: ReactNode;
}

export function KeptRow({ post, note, children }: KeptRowProps) {
  return (
    <li className={styles.row}>
      <PostThumb post={post} sizes="72px" className={styles.thumb} />
      <div className={styles.words}>
        <p className={styles.caption}>{nameOf(post)}</p>
        <p className={styles.note}>{note}</p>
        {post.media.length > 1 && <p className={styles.note}>{shots(post.media)}</p>}
      </div>
      <div className={styles.actions}>{children}</div>
    </li>
  );
}

export function KeptRowSkeleton() {
  return (
    <div className={styles.row}>
      <Skeleton className={styles.thumb} />
      <Skeleton className={styles.line} />
    </div>
  );
}
