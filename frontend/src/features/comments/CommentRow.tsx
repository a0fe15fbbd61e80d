// One comment: words, like, reply, and for one's own edit and delete.
import { Flag, Heart, Pencil, Trash2 } from "lucide-react";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import { sentence } from "@/api/problem";
import { deleteComment, editComment } from "@/api/queries/comments";
import { useLimits } from "@/api/queries/instance";
import type { Comment } from "@/api/types";
import { useMemberAction } from "@/features/auth/useMemberAction";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { plural } from "@/lib/text";
import { Avatar } from "@/ui/Avatar";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { ConfirmDialog } from "@/ui/Dialog";
import { TextArea } from "@/ui/Field";
import { Menu, type MenuItem } from "@/ui/Menu";
import { RichText } from "@/ui/RichText";
import { Time } from "@/ui/Time";
import styles from "./CommentRow.module.css";
import { changeComment, dropComment } from "./cache";
import { useCommentLike } from "./likes";

const ReportDialog = lazy(() => import("@/features/safety/ReportDialog"));

async function remove(comment: Comment): Promise<void> {
  try {
    await deleteComment(comment.id);
    dropComment(comment);
    toast("The comment is deleted.");
  } catch (error) {
    toast(`The comment was not deleted. ${sentence(error)}`, { tone: "error" });
  }
}

function EditForm({ comment, onDone }: { comment: Comment; onDone: () => void }) {
  const limits = useLimits();
  const [body, setBody] = useState(comment.body);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const saved = await editComment(comment.id, body.trim());
      changeComment(comment.post_id, comment.id, (now) => ({
        ...now,
        body: saved.body,
        edited_at: saved.edited_at,
      }));
      onDone();
    } catch (error) {
      setBusy(false);
      toast(`Not saved. ${sentence(error)}`, { tone: "error" });
    }
  };
  return (
    <form className={styles.edit} onSubmit={submit}>
      <TextArea
        label="Edit comment"
        value={body}
        limit={limits.comment}
        autoFocus
        onChange={(event) => setBody(event.target.value)}
      />
      <div className={styles.editActions}>
        <Button size="small" onClick={onDone}>
          Cancel
        </Button>
        <Button size="small" variant="primary" type="submit" busy={isBusy} disabled={!body.trim()}>
          Save
        </Button>
      </div>
    </form>
  );
}

interface CommentRowProps {
  readonly comment: Comment;
  /** The viewer owns the post and may take away what stands under it. */
  readonly moderates: boolean;
  readonly onReply: (comment: Comment) => void;
}

export function CommentRow({ comment, moderates, onReply }: CommentRowProps) {
  const { liked, likesCount, like } = useCommentLike(comment);
  const asMember = useMemberAction();
  const [mode, setMode] = useState<"read" | "edit" | "delete" | "report">("read");
  const { author } = comment;

  const items: MenuItem[] = [];
  if (comment.viewer.own) {
    items.push({ label: "Edit", icon: <Pencil size={20} />, run: () => setMode("edit") });
  }
  if (comment.viewer.own || moderates) {
    items.push({
      label: "Delete",
      icon: <Trash2 size={20} />,
      danger: true,
      run: () => setMode("delete"),
    });
  }
  if (!comment.viewer.own) {
    items.push({
      label: "Report…",
      icon: <Flag size={20} />,
      danger: true,
      run: () => asMember(() => setMode("report")),
    });
  }

  return (
    <div className={styles.row}>
      <Link
        to={paths.profile(author.username)}
        className={styles.avatar}
        tabIndex={-1}
        aria-hidden="true"
      >
        <Avatar person={author} size={comment.root_id ? 28 : 34} />
      </Link>
      <div className={styles.content}>
        {mode === "edit" ? (
          <EditForm comment={comment} onDone={() => setMode("read")} />
        ) : (
          <p>
            <Link to={paths.profile(author.username)} className={styles.by}>
              {author.username}
            </Link>{" "}
            <RichText text={comment.body} />
          </p>
        )}
        <div className={styles.foot}>
          <Time at={comment.created_at} />
          {comment.edited_at && <span>edited</span>}
          {likesCount > 0 && <span>{plural(likesCount, "like")}</span>}
          <button
            type="button"
            className={styles.reply}
            onClick={() => asMember(() => onReply(comment))}
          >
            Reply<span className="visually-hidden"> to {author.username}</span>
          </button>
          <Menu label={`More for the comment by ${author.username}`} items={items} />
        </div>
      </div>
      <IconButton
        label={`Like the comment by ${author.username}`}
        aria-pressed={liked}
        className={classes(styles.like, liked && styles.liked)}
        onClick={() => asMember(() => like(!liked))}
      >
        <Heart size={15} />
      </IconButton>
      {mode === "report" && (
        <Suspense fallback={null}>
          <ReportDialog
            kind="comment"
            id={comment.id}
            person={author}
            onClose={() => setMode("read")}
          />
        </Suspense>
      )}
      {mode === "delete" && (
        <ConfirmDialog
          title="Delete this comment?"
          text={comment.replies_count > 0 ? "Its replies go with it." : "This cannot be undone."}
          confirm="Delete"
          onConfirm={() => void remove(comment)}
          onClose={() => setMode("read")}
        />
      )}
    </div>
  );
}
