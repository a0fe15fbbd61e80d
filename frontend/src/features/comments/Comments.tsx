// The comments of a post: list, words on their way, and the composer.
import { useInfiniteQuery } from "@tanstack/react-query";
import { MessageCircle, X } from "lucide-react";
import { type FormEvent, type KeyboardEvent, type Ref, useState } from "react";
import { Link, useLocation } from "react-router";
import { commentsQuery } from "@/api/queries/comments";
import { useLimits } from "@/api/queries/instance";
import { useMe } from "@/api/queries/me";
import { entries } from "@/api/queryClient";
import type { Comment, Post } from "@/api/types";
import { paths } from "@/lib/paths";
import { length } from "@/lib/text";
import { Avatar } from "@/ui/Avatar";
import { Button, IconButton } from "@/ui/Button";
import { GrowingArea } from "@/ui/Field";
import { EmptyState, ErrorState, Loading, LoadMore, Skeleton } from "@/ui/States";
import styles from "./Comments.module.css";
import { CommentThread } from "./CommentThread";
import type { Draft, useCommentDrafts } from "./useCommentDrafts";

function DraftRow({ draft, retry, drop }: { draft: Draft; retry: () => void; drop: () => void }) {
  const me = useMe();
  if (!me) return null;
  return (
    <div className={styles.draft}>
      <Avatar person={me} size={34} />
      <div>
        <p>
          <strong>{me.username}</strong> {draft.body}
        </p>
        {draft.problem ? (
          <p className={styles.problem} role="alert">
            {draft.problem}{" "}
            <Button variant="text" size="small" onClick={retry}>
              Try again
            </Button>
            <Button variant="text" size="small" onClick={drop}>
              Discard
            </Button>
          </p>
        ) : (
          <p className={styles.sending}>Posting…</p>
        )}
      </div>
    </div>
  );
}

function CommentSkeletons() {
  return (
    <Loading label="Loading comments">
      {[1, 2, 3].map((row) => (
        <div key={row} className={styles.draft}>
          <Skeleton className={styles.skeletonAvatar} />
          <Skeleton className={styles.skeletonText} />
        </div>
      ))}
    </Loading>
  );
}

interface CommentListProps {
  readonly post: Post;
  readonly drafts: ReturnType<typeof useCommentDrafts>;
  readonly onReply: (comment: Comment) => void;
}

export function CommentList({ post, drafts, onReply }: CommentListProps) {
  const query = useInfiniteQuery(commentsQuery(post.id));
  const roots = entries(query.data);
  if (query.isPending) return <CommentSkeletons />;
  if (query.isError && roots.length === 0) {
    return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  }
  return (
    <>
      {drafts.drafts.map((draft) => (
        <DraftRow
          key={draft.key}
          draft={draft}
          retry={() => void drafts.retry(draft)}
          drop={() => drafts.drop(draft.key)}
        />
      ))}
      {roots.length === 0 && drafts.drafts.length === 0 && (
        <EmptyState
          icon={<MessageCircle size={30} strokeWidth={1.6} />}
          title="No comments yet"
          text="Say something kind."
        />
      )}
      <ul className={styles.list} aria-label="Comments">
        {roots.map((root) => (
          <CommentThread key={root.id} root={root} moderates={post.viewer.own} onReply={onReply} />
        ))}
      </ul>
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        failed={query.isFetchNextPageError}
        load={() => void query.fetchNextPage()}
      />
    </>
  );
}

const CLOSED: Record<string, string> = {
  nobody: "Comments are switched off.",
  followers: "Only followers can comment.",
  followed: "Only people the author follows can comment.",
};

interface CommentComposerProps {
  readonly post: Post;
  readonly replyTo: Comment | null;
  readonly onCancelReply: () => void;
  readonly onSend: (body: string, parentId: string | null) => void;
  readonly ref?: Ref<HTMLTextAreaElement>;
}

export function CommentComposer({
  post,
  replyTo,
  onCancelReply,
  onSend,
  ref,
}: CommentComposerProps) {
  const me = useMe();
  const limits = useLimits();
  const { pathname } = useLocation();
  const [text, setText] = useState("");
  const left = limits.comment - length(text);

  if (!me) {
    return (
      <p className={styles.visitor}>
        <Link to={`${paths.login}?next=${encodeURIComponent(pathname)}`}>Log in</Link> to comment.
      </p>
    );
  }
  if (post.comments_policy === "nobody" && !post.viewer.own) {
    return <p className={styles.visitor}>{CLOSED.nobody}</p>;
  }

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!text.trim() || left < 0) return;
    onSend(text.trim(), replyTo?.id ?? null);
    setText("");
    onCancelReply();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" && replyTo) {
      event.preventDefault();
      onCancelReply();
    }
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };

  return (
    <form className={styles.composer} onSubmit={submit}>
      {replyTo && (
        <p className={styles.replying}>
          Replying to {replyTo.author.username}
          <IconButton label="Cancel reply" onClick={onCancelReply}>
            <X size={16} />
          </IconButton>
        </p>
      )}
      {post.comments_policy !== "everyone" && post.comments_policy in CLOSED && (
        <p className={styles.policy}>{CLOSED[post.comments_policy]}</p>
      )}
      <div className={styles.line}>
        <Avatar person={me} size={34} />
        <GrowingArea
          ref={ref}
          aria-label={replyTo ? `Reply to ${replyTo.author.username}` : "Add a comment"}
          placeholder={replyTo ? "Write a reply…" : "Add a comment…"}
          value={text}
          enterKeyHint="send"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKey}
        />
        {left < 200 && <span className={left < 0 ? styles.over : styles.left}>{left}</span>}
        <Button variant="text" type="submit" disabled={!text.trim() || left < 0}>
          Post
        </Button>
      </div>
    </form>
  );
}
