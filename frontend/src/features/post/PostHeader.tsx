// Who posted it, for whom, and the menu.
import { Lock, Star, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import type { Audience, Post } from "@/api/types";
import { paths } from "@/lib/paths";
import { Avatar } from "@/ui/Avatar";
import { Menu } from "@/ui/Menu";
import { Time } from "@/ui/Time";
import styles from "./PostHeader.module.css";
import { type PostDialogKind, usePostMenu } from "./usePostMenu";

const EditPostDialog = lazy(() => import("./EditPostDialog"));
const HistoryDialog = lazy(() => import("./HistoryDialog"));
const SaveDialog = lazy(() => import("@/features/saved/SaveDialog"));
const ReportDialog = lazy(() => import("@/features/safety/ReportDialog"));

const AUDIENCES: Record<Exclude<Audience, "public">, { icon: typeof Lock; label: string }> = {
  followers: { icon: Users, label: "For followers" },
  close_friends: { icon: Star, label: "For close friends" },
  only_me: { icon: Lock, label: "Only for you" },
};

function AudienceMark({ audience }: { audience: Audience }) {
  if (audience === "public") return null;
  const { icon: Icon, label } = AUDIENCES[audience];
  return (
    <span className={styles.audience} title={label}>
      <Icon size={14} aria-hidden="true" />
      <span className="visually-hidden">{label}</span>
    </span>
  );
}

interface OpenDialogProps {
  readonly kind: PostDialogKind;
  readonly post: Post;
  readonly onClose: () => void;
}

function OpenDialog({ kind, post, onClose }: OpenDialogProps) {
  return (
    <Suspense fallback={null}>
      {kind === "edit" && <EditPostDialog post={post} onClose={onClose} />}
      {kind === "history" && <HistoryDialog post={post} onClose={onClose} />}
      {kind === "collect" && <SaveDialog post={post} onClose={onClose} />}
      {kind === "report" && (
        <ReportDialog kind="post" id={post.id} person={post.author} onClose={onClose} />
      )}
    </Suspense>
  );
}

interface PostHeaderProps {
  readonly post: Post;
  /** It was deleted or archived: leaves a page that shows nothing else. */
  readonly onDeleted?: () => void;
}

export function PostHeader({ post, onDeleted }: PostHeaderProps) {
  const [dialog, setDialog] = useState<PostDialogKind | null>(null);
  const items = usePostMenu(post, setDialog, onDeleted);
  const { author, place } = post;
  return (
    <header className={styles.header}>
      <div className={styles.author}>
        <Link
          to={paths.profile(author.username)}
          className={styles.face}
          tabIndex={-1}
          aria-hidden="true"
        >
          <Avatar person={author} size={36} />
        </Link>
        <span className={styles.names}>
          <Link to={paths.profile(author.username)} className={styles.username}>
            {author.username}
          </Link>
          {place && (
            <Link to={paths.place(place.id)} className={styles.place}>
              {place.name}
            </Link>
          )}
        </span>
      </div>
      <span className={styles.meta}>
        <AudienceMark audience={post.audience} />
        {post.state === "archived" && <span className={styles.state}>Archived</span>}
        {post.published_at && <Time at={post.published_at} />}
        {post.edited_at && (
          <button type="button" className={styles.edited} onClick={() => setDialog("history")}>
            Edited
          </button>
        )}
      </span>
      <Menu label={`More for the post by ${author.username}`} items={items} />
      {dialog && <OpenDialog kind={dialog} post={post} onClose={() => setDialog(null)} />}
    </header>
  );
}
