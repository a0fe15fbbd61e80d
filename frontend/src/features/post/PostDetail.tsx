// One post with its comments: side by side where there is room, one under the other on a phone.
import { useRef, useState } from "react";
import type { Comment, Post } from "@/api/types";
import { useMemberAction } from "@/features/auth/useMemberAction";
import { CommentComposer } from "@/features/comments/CommentComposer";
import { CommentList } from "@/features/comments/Comments";
import { useCommentDrafts } from "@/features/comments/useCommentDrafts";
import { Carousel, frameRatio } from "./Carousel";
import { useEngagement } from "./engagement";
import { PostActions } from "./PostActions";
import { Caption, PostCard } from "./PostCard";
import styles from "./PostDetail.module.css";
import { PostHeader } from "./PostHeader";
import { useWatchedPost } from "./watching";

function useConversation(post: Post) {
  useWatchedPost(post.id);
  const drafts = useCommentDrafts(post.id);
  const [replyTo, setReplyTo] = useState<Comment | null>(null);
  const composerRef = useRef<HTMLTextAreaElement>(null);
  const focus = () => composerRef.current?.focus();
  return {
    focus,
    list: {
      post,
      drafts,
      onReply: (comment: Comment) => {
        setReplyTo(comment);
        focus();
      },
    },
    composer: {
      post,
      replyTo,
      ref: composerRef,
      onCancelReply: () => setReplyTo(null),
      onSend: drafts.add,
    },
  };
}

interface PostDetailProps {
  readonly post: Post;
  readonly onDeleted: () => void;
}

export function PostSplit({ post, onDeleted }: PostDetailProps) {
  const engagement = useEngagement(post);
  const asMember = useMemberAction();
  const { list, composer, focus } = useConversation(post);
  return (
    <div className={styles.split} style={{ ["--ratio" as string]: frameRatio(post.media) }}>
      <div className={styles.pictures}>
        <Carousel
          post={post}
          fill
          eager
          sizes="(min-width: 1264px) 760px, 60vw"
          onDoubleTap={() => asMember(() => engagement.like(true))}
        />
      </div>
      <div className={styles.side}>
        <div className={styles.header}>
          <PostHeader post={post} onDeleted={onDeleted} />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
        <section className={styles.scroll} tabIndex={0} aria-label="Caption and comments">
          <Caption post={post} folded={false} />
          <CommentList {...list} />
        </section>
        <div className={styles.actions}>
          <PostActions post={post} engagement={engagement} onComment={focus} />
        </div>
        <CommentComposer {...composer} />
      </div>
    </div>
  );
}

export function PostStack({ post, onDeleted }: PostDetailProps) {
  const { list, composer, focus } = useConversation(post);
  return (
    <div className={styles.stack}>
      <PostCard post={post} alone eager onComment={focus} onDeleted={onDeleted} />
      <div className={styles.comments}>
        <CommentList {...list} />
      </div>
      <div className={styles.sticky}>
        <CommentComposer {...composer} />
      </div>
    </div>
  );
}
