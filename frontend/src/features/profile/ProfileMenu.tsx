// All that one can do about another person besides following and writing.
import {
  Ban,
  Copy,
  Flag,
  MessageSquareOff,
  Star,
  StarOff,
  UserMinus,
  UserX,
  Volume2,
  VolumeX,
} from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useMe } from "@/api/queries/me";
import type { User } from "@/api/types";
import { useMemberAction } from "@/features/auth/useMemberAction";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { ConfirmDialog } from "@/ui/Dialog";
import { Menu, type MenuItem } from "@/ui/Menu";
import { closeFriend, dropFollower, endMute, restrict, setBlocked, termsOfMute } from "./relations";

const MuteDialog = lazy(() => import("./MuteDialog"));
const ReportDialog = lazy(() => import("@/features/safety/ReportDialog"));

type Asked = "mute" | "restrict" | "drop" | "block" | "report";

async function copyAddress(user: User): Promise<void> {
  const address = new URL(paths.profile(user.username), location.origin).href;
  await navigator.clipboard?.writeText(address).then(
    () => toast("Link copied."),
    () => toast(address),
  );
}

async function unmuteKnown(user: User): Promise<void> {
  await endMute(user, await termsOfMute(user).catch(() => null));
}

/** What stands open between the two, without what is said to everybody. */
function relationItems(user: User, ask: (what: Asked) => void): MenuItem[] {
  const { relationship } = user;
  if (!relationship || relationship.blocking) return [];
  const items: MenuItem[] = [
    relationship.close_friend
      ? {
          label: "Remove from close friends",
          icon: <StarOff size={20} />,
          run: () => void closeFriend(user, false),
        }
      : {
          label: "Add to close friends",
          icon: <Star size={20} />,
          run: () => void closeFriend(user, true),
        },
    relationship.muting
      ? { label: "Unmute", icon: <Volume2 size={20} />, run: () => void unmuteKnown(user) }
      : { label: "Mute…", icon: <VolumeX size={20} />, run: () => ask("mute") },
    relationship.restricted
      ? {
          label: "Unrestrict",
          icon: <MessageSquareOff size={20} />,
          run: () => void restrict(user, false),
        }
      : {
          label: "Restrict…",
          icon: <MessageSquareOff size={20} />,
          run: () => ask("restrict"),
        },
  ];
  if (relationship.followed_by) {
    items.push({
      label: "Remove follower…",
      icon: <UserMinus size={20} />,
      run: () => ask("drop"),
    });
  }
  return items;
}

function blockItem(user: User, ask: (what: Asked) => void): MenuItem[] {
  if (!user.relationship) return [];
  if (user.relationship.blocking) {
    const run = () => void setBlocked(user, false);
    return [{ label: "Unblock", icon: <UserX size={20} />, run }];
  }
  return [{ label: "Block…", icon: <Ban size={20} />, danger: true, run: () => ask("block") }];
}

export function ProfileMenu({ user }: { user: User }) {
  const myId = useMe()?.id ?? "";
  const asMember = useMemberAction();
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const items: MenuItem[] = [
    { label: "Copy link", icon: <Copy size={20} />, run: () => void copyAddress(user) },
    ...relationItems(user, setAsked),
    ...blockItem(user, setAsked),
    {
      label: "Report…",
      icon: <Flag size={20} />,
      danger: true,
      run: () => asMember(() => setAsked("report")),
    },
  ];
  return (
    <>
      <Menu label={`More for ${user.username}`} items={items} />
      <Suspense fallback={null}>
        {asked === "mute" && <MuteDialog person={user} onClose={close} />}
        {asked === "report" && (
          <ReportDialog kind="user" id={user.id} person={user} onClose={close} />
        )}
      </Suspense>
      {asked === "restrict" && (
        <ConfirmDialog
          title={`Restrict ${user.username}?`}
          text={`Only the two of you see what ${user.username} comments on your posts, until you approve it. Their messages lie in your requests, and they do not see whether you have read them. They are not told.`}
          confirm="Restrict"
          onConfirm={() => void restrict(user, true)}
          onClose={close}
        />
      )}
      {asked === "drop" && (
        <ConfirmDialog
          title={`Remove ${user.username} from your followers?`}
          text="They are not told. Only they can bring this back, by following you again."
          confirm="Remove"
          onConfirm={() => void dropFollower(user, myId)}
          onClose={close}
        />
      )}
      {asked === "block" && (
        <ConfirmDialog
          title={`Block ${user.username}?`}
          text="You no longer see each other's posts, comments and profile, and no longer follow each other. They are not told."
          confirm="Block"
          onConfirm={() => void setBlocked(user, true)}
          onClose={close}
        />
      )}
    </>
  );
}
