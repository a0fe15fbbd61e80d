// Posts as squares, three in a row.
import { Copy, Heart, MessageCircle, Play } from "lucide-react";
import { Link } from "react-router";
import type { Media, Post } from "@/api/types";
import { useOverlayState } from "@/lib/overlay";
import { paths } from "@/lib/paths";
import { count, shots } from "@/lib/text";
import { Picture } from "@/ui/Picture";
import { Skeleton } from "@/ui/States";
import styles from "./PostGrid.module.css";

/** How wide a file must be to fill the square: what is wider than high is cut at its sides. */
function sizesOf({ width, height }: Media): string {
  const ratio = width && height ? Math.max(1, width / height) : 1;
  return `(min-width: 935px) ${Math.ceil(307 * ratio)}px, ${Math.ceil(33 * ratio)}vw`;
}

function Cell({ post, eager }: { post: Post; eager: boolean }) {
  const overlay = useOverlayState();
  const first = post.media[0];
  const label = first?.alt_text || post.caption.slice(0, 80) || `Post by ${post.author.username}`;
  const isMany = post.media.length > 1;
  const isVideo = first?.kind === "video";
  const isPlain = !isMany && !isVideo;
  return (
    <Link
      to={paths.post(post.shortcode)}
      state={overlay}
      className={styles.cell}
      aria-label={isPlain ? label : `${label}, ${shots(post.media)}`}
    >
      {first && (
        <Picture
          media={first}
          sizes={sizesOf(first)}
          alt=""
          eager={eager}
          className={styles.picture}
        />
      )}
      {!isPlain && (
        <span className={styles.marks} aria-hidden="true">
          {isVideo && <Play size={20} className={styles.video} />}
          {isMany && <Copy size={20} />}
        </span>
      )}
      <span className={styles.counts} aria-hidden="true">
        {post.likes_count !== null && (
          <span>
            <Heart size={20} /> {count(post.likes_count)}
          </span>
        )}
        <span>
          <MessageCircle size={20} /> {count(post.comments_count)}
        </span>
      </span>
    </Link>
  );
}

export function PostGrid({ posts }: { posts: readonly Post[] }) {
  return (
    <ul className={styles.grid}>
      {posts.map((post, at) => (
        <li key={post.id}>
          <Cell post={post} eager={at < 3} />
        </li>
      ))}
    </ul>
  );
}

export function PostGridSkeleton() {
  return (
    <div className={styles.grid}>
      {Array.from({ length: 9 }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: places have nothing but their place
        <Skeleton key={at} className={styles.place} />
      ))}
    </div>
  );
}
