// A post in the feed.
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import type { Post } from "@/api/types";
import { useMemberAction } from "@/features/auth/useMemberAction";
import { useOverlayState } from "@/lib/overlay";
import { paths } from "@/lib/paths";
import { plural } from "@/lib/text";
import { RichText } from "@/ui/RichText";
import { Carousel } from "./Carousel";
import { useEngagement } from "./engagement";
import { PostActions } from "./PostActions";
import styles from "./PostCard.module.css";
import { PostHeader } from "./PostHeader";

const FEED_SIZES = "(min-width: 768px) 470px, 100vw";
const FOLD_AT = 125;

export function Caption({ post, folded }: { post: Post; folded: boolean }) {
  const [open, setOpen] = useState(!folded);
  if (!post.caption) return null;
  const isLong = post.caption.length > FOLD_AT || post.caption.split("\n").length > 2;
  const text =
    open || !isLong
      ? post.caption
      : `${post.caption.split("\n", 1)[0]?.slice(0, FOLD_AT).trimEnd()}…`;
  return (
    <p className={styles.caption}>
      <Link to={paths.profile(post.author.username)} className={styles.by}>
        {post.author.username}
      </Link>{" "}
      <RichText text={text} />
      {isLong && !open && (
        <button type="button" className={styles.more} onClick={() => setOpen(true)}>
          more
        </button>
      )}
    </p>
  );
}

interface PostCardProps {
  readonly post: Post;
  readonly eager?: boolean;
  /** The page of the post itself: all of the caption, and no link to itself. */
  readonly alone?: boolean;
  readonly onComment?: () => void;
  readonly onDeleted?: () => void;
}

export function PostCard({
  post,
  eager = false,
  alone = false,
  onComment,
  onDeleted,
}: PostCardProps) {
  const engagement = useEngagement(post);
  const asMember = useMemberAction();
  const navigate = useNavigate();
  const overlay = useOverlayState();
  const open = () => navigate(paths.post(post.shortcode), { state: overlay });
  return (
    <div className={styles.card}>
      <div className={styles.inset}>
        <PostHeader post={post} {...(onDeleted && { onDeleted })} />
      </div>
      <div className={styles.pictures}>
        <Carousel
          post={post}
          sizes={FEED_SIZES}
          eager={eager}
          onDoubleTap={() => asMember(() => engagement.like(true))}
        />
      </div>
      <div className={styles.inset}>
        <PostActions post={post} engagement={engagement} onComment={onComment ?? open} />
        <Caption post={post} folded={!alone} />
        {!alone && post.comments_count > 0 && (
          <Link to={paths.post(post.shortcode)} state={overlay} className={styles.comments}>
            {post.comments_count === 1
              ? "View 1 comment"
              : `View all ${plural(post.comments_count, "comment")}`}
          </Link>
        )}
      </div>
    </div>
  );
}
