// Where a comment is written: who may, to whom it answers, and what is left to say.
import { X } from "lucide-react";
import { type FormEvent, type KeyboardEvent, type Ref, useEffect, useState } from "react";
import { Link, useLocation } from "react-router";
import { useLimits } from "@/api/queries/instance";
import { useMe } from "@/api/queries/me";
import { useRelationship } from "@/api/queries/relations";
import type { Comment, Me, Post, Relationship } from "@/api/types";
import { MentionArea } from "@/features/mentions/MentionArea";
import { paths } from "@/lib/paths";
import { length } from "@/lib/text";
import { Avatar } from "@/ui/Avatar";
import { Button, IconButton } from "@/ui/Button";
import styles from "./Comments.module.css";
import { whoMay } from "./policy";
import { keepUnsent, unsentText } from "./unsent";

interface CommentComposerProps {
  readonly post: Post;
  readonly replyTo: Comment | null;
  readonly onCancelReply: () => void;
  readonly onSend: (body: string, parentId: string | null) => void;
  readonly ref?: Ref<HTMLTextAreaElement>;
}

function Line({ me, ...props }: CommentComposerProps & { me: Me }) {
  const { post, replyTo, onCancelReply, onSend, ref } = props;
  const limits = useLimits();
  const [text, setText] = useState(() => unsentText(me.id, post.id));
  const left = limits.comment - length(text);
  const write = (now: string) => {
    setText(now);
    keepUnsent(me.id, post.id, now);
  };
  // Replies stand in one row below the root: the name says whom of them this one answers.
  const named = replyTo?.root_id && !replyTo.viewer.own ? `@${replyTo.author.username} ` : "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another comment to answer changes the text
  useEffect(() => {
    if (named && !text.trim()) write(named);
  }, [named]);
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!text.trim() || left < 0) return;
    onSend(text.trim(), replyTo?.id ?? null);
    write("");
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
      <div className={styles.line}>
        <Avatar person={me} size={34} />
        <MentionArea
          {...(ref && { ref })}
          aria-label={replyTo ? `Reply to ${replyTo.author.username}` : "Add a comment"}
          placeholder={replyTo ? "Write a reply…" : "Add a comment…"}
          value={text}
          enterKeyHint="send"
          onText={write}
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

function useMyStanding(post: Post): Relationship | null | undefined {
  const decides = post.comments_policy === "followers" || post.comments_policy === "followed";
  return useRelationship(post.author.id, decides && !post.viewer.own);
}

export function CommentComposer(props: CommentComposerProps) {
  const { post } = props;
  const me = useMe();
  const { pathname } = useLocation();
  const { may, said } = whoMay(post, useMyStanding(post));
  if (!may) return <p className={styles.visitor}>{said}</p>;
  if (!me) {
    return (
      <p className={styles.visitor}>
        <Link to={`${paths.login}?next=${encodeURIComponent(pathname)}`}>Log in</Link> to comment.
      </p>
    );
  }
  return (
    <>
      {said && <p className={styles.policy}>{said}</p>}
      <Line {...props} me={me} />
    </>
  );
}
