// One comment: words, like, reply, edit for one's own, and what the author of the post may do with it.
import { Flag, Heart, Pencil, Pin, PinOff, Trash2 } from "lucide-react";
import { type FormEvent, lazy, Suspense, useRef, useState } from "react";
import { Link } from "react-router";
import { sentence } from "@/api/problem";
import { editComment } from "@/api/queries/comments";
import { useLimits } from "@/api/queries/instance";
import type { Comment } from "@/api/types";
import { useMemberAction } from "@/features/auth/useMemberAction";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { plural } from "@/lib/text";
import { Avatar } from "@/ui/Avatar";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { TextArea } from "@/ui/Field";
import { Menu, type MenuItem } from "@/ui/Menu";
import { RichText } from "@/ui/RichText";
import { Time } from "@/ui/Time";
import styles from "./CommentRow.module.css";
import { changeComment } from "./cache";
import { remove } from "./deleting";
import { useCommentLike } from "./likes";
import { approve, pin } from "./moderating";

const ReportDialog = lazy(() => import("@/features/safety/ReportDialog"));

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

type Mode = "read" | "edit" | "report";

type Shown = Pick<CommentRowProps, "comment" | "moderates">;

interface Deeds {
  readonly open: (mode: Mode) => void;
  /** Deletes it, and takes the focus to where something is left. */
  readonly leave: () => void;
}

/** What its menu offers: to its author, to the author of the post, and to others. */
function itemsFor({ comment, moderates }: Shown, { open, leave }: Deeds): MenuItem[] {
  const { own } = comment.viewer;
  const items: MenuItem[] = [];
  if (own) items.push({ label: "Edit", icon: <Pencil size={20} />, run: () => open("edit") });
  if (moderates && !comment.root_id && comment.state === "visible") {
    items.push({
      label: comment.pinned ? "Unpin" : "Pin on top",
      icon: comment.pinned ? <PinOff size={20} /> : <Pin size={20} />,
      run: () => void pin(comment, !comment.pinned),
    });
  }
  if (own || moderates) {
    items.push({
      label: "Delete",
      icon: <Trash2 size={20} />,
      danger: true,
      run: leave,
    });
  }
  if (!own) {
    items.push({
      label: "Report…",
      icon: <Flag size={20} />,
      danger: true,
      run: () => open("report"),
    });
  }
  return items;
}

interface WaitingProps {
  readonly comment: Comment;
  readonly leave: () => void;
  readonly onApproved: () => void;
}

/** To the author of the post alone: the other one is told nothing of it. */
function Waiting({ comment, leave, onApproved }: WaitingProps) {
  const [isBusy, setBusy] = useState(false);
  const letThrough = async () => {
    setBusy(true);
    if (await approve(comment)) onApproved();
    setBusy(false);
  };
  return (
    <div className={styles.waiting}>
      <p>Waiting: only you and {comment.author.username} see this.</p>
      <Button size="small" variant="primary" busy={isBusy} onClick={() => void letThrough()}>
        Approve
      </Button>
      <Button size="small" onClick={leave}>
        Delete
      </Button>
    </div>
  );
}

function LikeButton({ comment }: { comment: Comment }) {
  const { liked, like } = useCommentLike(comment);
  const asMember = useMemberAction();
  return (
    <IconButton
      label={`Like the comment by ${comment.author.username}`}
      aria-pressed={liked}
      className={classes(styles.like, liked && styles.liked)}
      onClick={() => asMember(() => like(!liked))}
    >
      <Heart size={15} />
    </IconButton>
  );
}

function Foot({ comment, moderates, onReply, ...deeds }: CommentRowProps & Deeds) {
  const { likesCount } = useCommentLike(comment);
  const asMember = useMemberAction();
  const { author } = comment;
  // Nobody builds on what waits but whoever wrote it.
  const canReply = comment.state === "visible" || comment.viewer.own;
  return (
    <div className={styles.foot}>
      <Time at={comment.created_at} />
      {comment.edited_at && <span>edited</span>}
      {likesCount > 0 && <span>{plural(likesCount, "like")}</span>}
      {canReply && (
        <button
          type="button"
          className={styles.reply}
          onClick={() => asMember(() => onReply(comment))}
        >
          Reply<span className="visually-hidden"> to {author.username}</span>
        </button>
      )}
      <Menu
        label={`More for the comment by ${author.username}`}
        items={itemsFor({ comment, moderates }, deeds)}
      />
    </div>
  );
}

export function CommentRow({ comment, moderates, onReply }: CommentRowProps) {
  const asMember = useMemberAction();
  const [mode, setMode] = useState<Mode>("read");
  const { author } = comment;
  const waits = comment.state === "pending";
  const rowRef = useRef<HTMLDivElement>(null);
  const leave = () => {
    rowRef.current?.closest<HTMLElement>("[data-comments]")?.focus();
    remove(comment);
  };
  const open = (to: Mode) => (to === "report" ? asMember(() => setMode(to)) : setMode(to));
  return (
    <div ref={rowRef} tabIndex={-1} className={styles.row}>
      <Link
        to={paths.profile(author.username)}
        className={styles.avatar}
        tabIndex={-1}
        aria-hidden="true"
      >
        <Avatar person={author} size={comment.root_id ? 28 : 34} />
      </Link>
      <div className={styles.content}>
        {comment.pinned && (
          <p className={styles.pinned}>
            <Pin size={12} aria-hidden="true" /> Pinned
          </p>
        )}
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
        <Foot comment={comment} moderates={moderates} onReply={onReply} open={open} leave={leave} />
        {waits && moderates && !comment.viewer.own && (
          <Waiting
            comment={comment}
            leave={leave}
            onApproved={() => rowRef.current?.focus({ preventScroll: true })}
          />
        )}
      </div>
      {!waits && <LikeButton comment={comment} />}
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
    </div>
  );
}
