// Posts as squares, three in a row.
import { Copy, EyeOff, Heart, MessageCircle, Pin, Play } from "lucide-react";
import { Link } from "react-router";
import type { Media, Post } from "@/api/types";
import { useIsVeiled } from "@/features/post/sensitive";
import { useOverlayState } from "@/lib/overlay";
import { paths } from "@/lib/paths";
import { count, shots } from "@/lib/text";
import { Blur, Picture } from "@/ui/Picture";
import { Skeleton } from "@/ui/States";
import styles from "./PostGrid.module.css";

/** How wide a file must be to fill the square: what is wider than high is cut at its sides. */
function sizesOf({ width, height }: Media): string {
  const ratio = width && height ? Math.max(1, width / height) : 1;
  return `(min-width: 935px) ${Math.ceil(307 * ratio)}px, ${Math.ceil(33 * ratio)}vw`;
}

interface CellProps {
  readonly post: Post;
  readonly eager: boolean;
  readonly showsPins: boolean;
}

/** What is told of a post that is to be found by ear. */
function labelOf(post: Post, isVeiled: boolean, showsPins: boolean): string {
  const first = post.media[0];
  const by = `Post by ${post.author.username}`;
  const words = isVeiled
    ? `Sensitive, ${by.toLowerCase()}`
    : first?.alt_text || post.caption.slice(0, 80) || by;
  return showsPins && post.pinned ? `Pinned: ${words}` : words;
}

function Cell({ post, eager, showsPins }: CellProps) {
  const overlay = useOverlayState();
  const first = post.media[0];
  const isVeiled = useIsVeiled(post);
  const isPinned = showsPins && post.pinned;
  const label = labelOf(post, isVeiled, showsPins);
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
      {isVeiled && (
        <>
          <Blur hash={first?.blurhash ?? null} className={styles.picture} />
          <EyeOff size={26} className={styles.veil} aria-hidden="true" />
        </>
      )}
      {first && !isVeiled && (
        <Picture
          media={first}
          sizes={sizesOf(first)}
          alt=""
          eager={eager}
          className={styles.picture}
        />
      )}
      {(isPinned || !isPlain) && (
        <span className={styles.marks} aria-hidden="true">
          {isPinned && <Pin size={20} className={styles.video} />}
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

interface PostGridProps {
  readonly posts: readonly Post[];
  readonly showsPins?: boolean;
}

export function PostGrid({ posts, showsPins = false }: PostGridProps) {
  return (
    <ul className={styles.grid}>
      {posts.map((post, at) => (
        <li key={post.id}>
          <Cell post={post} eager={at < 3} showsPins={showsPins} />
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
