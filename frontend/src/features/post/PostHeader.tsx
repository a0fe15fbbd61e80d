// Who posted it, for whom, and the menu.
import { Copy, Flag, Lock, Pencil, Star, Trash2, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import { sentence } from "@/api/problem";
import { deletePost } from "@/api/queries/posts";
import { changePost, queryClient } from "@/api/queryClient";
import type { Audience, Post } from "@/api/types";
import { useMemberAction } from "@/features/auth/useMemberAction";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { Avatar } from "@/ui/Avatar";
import { ConfirmDialog } from "@/ui/Dialog";
import { Menu, type MenuItem } from "@/ui/Menu";
import { Time } from "@/ui/Time";
import styles from "./PostHeader.module.css";
import { copyLink } from "./share";

const EditPostDialog = lazy(() => import("./EditPostDialog"));
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

async function removePost(post: Post, onDeleted?: () => void): Promise<void> {
  try {
    await deletePost(post.id);
    onDeleted?.();
    changePost(post.id, () => null);
    void queryClient.invalidateQueries({ queryKey: ["user"] });
    toast("The post is deleted.");
  } catch (error) {
    toast(`The post was not deleted. ${sentence(error)}`, { tone: "error" });
  }
}

interface PostHeaderProps {
  readonly post: Post;
  readonly onDeleted?: () => void;
}

export function PostHeader({ post, onDeleted }: PostHeaderProps) {
  const [dialog, setDialog] = useState<"edit" | "delete" | "report" | null>(null);
  const asMember = useMemberAction();
  const items: MenuItem[] = [
    { label: "Copy link", icon: <Copy size={20} />, run: () => void copyLink(post) },
  ];
  if (post.viewer.own) {
    items.unshift({ label: "Edit", icon: <Pencil size={20} />, run: () => setDialog("edit") });
    items.push({
      label: "Delete",
      icon: <Trash2 size={20} />,
      danger: true,
      run: () => setDialog("delete"),
    });
  } else {
    items.push({
      label: "Report…",
      icon: <Flag size={20} />,
      danger: true,
      run: () => asMember(() => setDialog("report")),
    });
  }
  return (
    <header className={styles.header}>
      <Link to={paths.profile(post.author.username)} className={styles.author}>
        <Avatar person={post.author} size={36} />
        <span className={styles.names}>
          <span className={styles.username}>{post.author.username}</span>
          {post.place && <span className={styles.place}>{post.place.name}</span>}
        </span>
      </Link>
      <span className={styles.meta}>
        <AudienceMark audience={post.audience} />
        {post.published_at && <Time at={post.published_at} />}
      </span>
      <Menu label={`More for the post by ${post.author.username}`} items={items} />
      {dialog === "edit" && (
        <Suspense fallback={null}>
          <EditPostDialog post={post} onClose={() => setDialog(null)} />
        </Suspense>
      )}
      {dialog === "report" && (
        <Suspense fallback={null}>
          <ReportDialog
            kind="post"
            id={post.id}
            person={post.author}
            onClose={() => setDialog(null)}
          />
        </Suspense>
      )}
      {dialog === "delete" && (
        <ConfirmDialog
          title="Delete this post?"
          text="Its pictures, likes and comments go with it."
          confirm="Delete"
          onConfirm={() => void removePost(post, onDeleted)}
          onClose={() => setDialog(null)}
        />
      )}
    </header>
  );
}
