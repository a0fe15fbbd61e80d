// A root comment with its replies: the newest ones at once, the others on request.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { repliesQuery } from "@/api/queries/comments";
import { entries } from "@/api/queryClient";
import type { Comment } from "@/api/types";
import { plural } from "@/lib/text";
import { CommentRow } from "./CommentRow";
import styles from "./CommentThread.module.css";
import { inOrder } from "./cache";
import { useUndeleted } from "./deleting";

interface CommentThreadProps {
  readonly root: Comment;
  readonly moderates: boolean;
  readonly onReply: (comment: Comment) => void;
}

/** The newest replies at once; the older ones, and the way back, by a button. */
function useReplies(root: Comment) {
  const [open, setOpen] = useState(false);
  const query = useInfiniteQuery({ ...repliesQuery(root.post_id, root.id), enabled: open });
  const loaded = open ? entries(query.data) : [];
  // The two newest stay in sight while the others come.
  const known = new Set(loaded.map((reply) => reply.id));
  const all = [...loaded, ...root.replies.filter((reply) => !known.has(reply.id))];
  const replies = useUndeleted(inOrder(all));
  // Those that wait are counted for nobody, those of blocked people for everybody.
  const standing = all.filter((reply) => reply.state === "visible").length;
  const isWhole = open && query.isSuccess && !query.hasNextPage;
  const hidden = isWhole ? 0 : Math.max(0, root.replies_count - standing);
  return {
    replies,
    hidden,
    canFold: isWhole && loaded.length > 2,
    isLoading: query.isFetching,
    failed: query.isError,
    fold: () => setOpen(false),
    more: () => {
      if (!open) setOpen(true);
      else void (query.isError && !query.data ? query.refetch() : query.fetchNextPage());
    },
  };
}

function wordsFor(hidden: number, isLoading: boolean, failed: boolean): string {
  if (isLoading) return "Loading…";
  if (failed) return "Replies could not be loaded. Try again";
  return `View ${plural(hidden, "more reply", "more replies")}`;
}

export function CommentThread({ root, moderates, onReply }: CommentThreadProps) {
  const { replies, hidden, canFold, isLoading, failed, fold, more } = useReplies(root);
  return (
    <li>
      <CommentRow comment={root} moderates={moderates} onReply={onReply} />
      {(replies.length > 0 || hidden > 0) && (
        <div className={styles.replies}>
          {hidden > 0 && (
            <button type="button" className={styles.view} aria-busy={isLoading} onClick={more}>
              {wordsFor(hidden, isLoading, failed)}
            </button>
          )}
          {canFold && (
            <button type="button" className={styles.view} onClick={fold}>
              Hide older replies
            </button>
          )}
          <ul className={styles.list} aria-label={`Replies to ${root.author.username}`}>
            {replies.map((reply) => (
              <li key={reply.id}>
                <CommentRow comment={reply} moderates={moderates} onReply={onReply} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </li>
  );
}
