// What can be done with a post, by who asks and where it stands.
import {
  Archive,
  ArchiveRestore,
  Copy,
  Flag,
  FolderPlus,
  Pencil,
  Pin,
  PinOff,
  Trash2,
  UserX,
} from "lucide-react";
import { useMe } from "@/api/queries/me";
import type { Post } from "@/api/types";
import { useMemberAction } from "@/features/auth/useMemberAction";
import type { MenuItem } from "@/ui/Menu";
import { copyLink } from "./share";

// Fetched when one of them is chosen: most posts are only looked at.
const own = () => import("./own");
const tagged = () => import("./tagged");

export type PostDialogKind = "edit" | "history" | "report" | "collect";

function ownItems(post: Post, open: (kind: PostDialogKind) => void, onGone?: () => void) {
  const items: MenuItem[] = [
    { label: "Edit", icon: <Pencil size={20} />, run: () => open("edit") },
  ];
  if (post.state === "published") {
    items.push(
      post.pinned
        ? {
            label: "Unpin",
            icon: <PinOff size={20} />,
            run: () => void own().then(({ pinPost }) => pinPost(post, false)),
          }
        : {
            label: "Pin to profile",
            icon: <Pin size={20} />,
            run: () => void own().then(({ pinPost }) => pinPost(post, true)),
          },
      {
        label: "Archive",
        icon: <Archive size={20} />,
        run: () => void own().then(({ archivePost }) => archivePost(post, onGone)),
      },
    );
  }
  if (post.state === "archived") {
    const icon = <ArchiveRestore size={20} />;
    items.push({
      label: "Show on profile",
      icon,
      run: () => void own().then(({ unarchivePost }) => unarchivePost(post)),
    });
  }
  return items;
}

export function usePostMenu(
  post: Post,
  open: (kind: PostDialogKind) => void,
  onGone?: () => void,
): MenuItem[] {
  const me = useMe();
  const asMember = useMemberAction();
  const copy = { label: "Copy link", icon: <Copy size={20} />, run: () => void copyLink(post) };
  const collect = {
    label: "Save to collection…",
    icon: <FolderPlus size={20} />,
    run: () => asMember(() => open("collect")),
  };
  if (post.viewer.own) {
    return [
      ...ownItems(post, open, onGone),
      collect,
      copy,
      {
        label: "Delete",
        icon: <Trash2 size={20} />,
        danger: true,
        run: () => void own().then(({ binPost }) => binPost(post, onGone)),
      },
    ];
  }
  const isTagged = post.people_tags.some(({ user }) => user.id === me?.id);
  return [
    collect,
    copy,
    ...(isTagged
      ? [
          {
            label: "Remove my tag",
            icon: <UserX size={20} />,
            run: () => void tagged().then(({ leave }) => leave(post)),
          },
        ]
      : []),
    {
      label: "Report…",
      icon: <Flag size={20} />,
      danger: true,
      run: () => asMember(() => open("report")),
    },
  ];
}
