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

interface CommentThreadProps {
  readonly root: Comment;
  readonly moderates: boolean;
  readonly onReply: (comment: Comment) => void;
}

export function CommentThread({ root, moderates, onReply }: CommentThreadProps) {
  const [open, setOpen] = useState(false);
  const query = useInfiniteQuery({ ...repliesQuery(root.post_id, root.id), enabled: open });
  const loaded = entries(query.data);
  // The two newest stay in sight while the others come.
  const known = new Set(loaded.map((reply) => reply.id));
  const replies = inOrder([...loaded, ...root.replies.filter((reply) => !known.has(reply.id))]);
  const hidden = root.replies_count - replies.length;
  return (
    <li>
      <CommentRow comment={root} moderates={moderates} onReply={onReply} />
      {root.replies_count > 0 && (
        <div className={styles.replies}>
          {hidden > 0 && (
            <button
              type="button"
              className={styles.view}
              aria-busy={query.isFetching}
              onClick={() => (open ? void query.fetchNextPage() : setOpen(true))}
            >
              {query.isFetching
                ? "Loading…"
                : `View ${plural(hidden, "more reply", "more replies")}`}
            </button>
          )}
          <ul className={styles.list}>
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
