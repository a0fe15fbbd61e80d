// Posts that come out by themselves: when, and how to change that.
import { useInfiniteQuery } from "@tanstack/react-query";
import { CalendarClock, FilePenLine, Pencil, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { scheduledQuery } from "@/api/queries/ownPosts";
import { entries } from "@/api/queryClient";
import type { Post } from "@/api/types";
import EditPostDialog from "@/features/post/EditPostDialog";
import { binPost, bringOut } from "@/features/post/own";
import ScheduleDialog from "@/features/post/ScheduleDialog";
import { lookIn } from "@/lib/localTime";
import { exactTime, shortMoment } from "@/lib/time";
import { Button } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import { EmptyState } from "@/ui/States";
import { KeptList } from "./KeptList";
import { KeptRow, nameOf } from "./KeptRow";
import { planPost, unplanPost } from "./plan";

function When({ at }: { at: string | null }) {
  if (!at) return null;
  if (Date.parse(at) <= Date.now()) return "Comes out any moment";
  return (
    <>
      Comes out{" "}
      <time dateTime={at} title={exactTime(at)}>
        {shortMoment(at)}
      </time>
    </>
  );
}

function ScheduledRow({ post, gone }: { post: Post; gone: () => void }) {
  const [dialog, setDialog] = useState<"edit" | "schedule" | null>(null);
  const close = () => setDialog(null);
  const share = async () => {
    if (await bringOut(post)) gone();
  };
  const unplan = async () => {
    if (await unplanPost(post)) gone();
  };
  return (
    <KeptRow post={post} note={<When at={post.publish_at} />}>
      <Button size="small" onClick={() => setDialog("schedule")}>
        Change time<span className="visually-hidden"> of {nameOf(post)}</span>
      </Button>
      <Menu
        label={`More for ${nameOf(post)}`}
        items={[
          { label: "Share now", icon: <Send size={20} />, run: () => void share() },
          { label: "Edit", icon: <Pencil size={20} />, run: () => setDialog("edit") },
          { label: "Back to drafts", icon: <FilePenLine size={20} />, run: () => void unplan() },
          {
            label: "Delete",
            icon: <Trash2 size={20} />,
            danger: true,
            run: () => void binPost(post, gone),
          },
        ]}
      />
      {dialog === "edit" && <EditPostDialog post={post} onClose={close} />}
      {dialog === "schedule" && (
        <ScheduleDialog
          at={post.publish_at}
          button="Change"
          plan={(at) => planPost(post, at)}
          onClose={close}
        />
      )}
    </KeptRow>
  );
}

export default function Scheduled() {
  const query = useInfiniteQuery({
    ...scheduledQuery,
    // The next one stands first.
    refetchInterval: ({ state }) => lookIn(entries(state.data)[0]?.publish_at),
  });
  return (
    <KeptList
      query={query}
      label="Scheduled posts"
      row={(post, gone) => <ScheduledRow key={post.id} post={post} gone={gone} />}
      empty={
        <EmptyState
          icon={<CalendarClock size={32} strokeWidth={1.6} />}
          title="Nothing scheduled"
          text="“Schedule” in a new post lets it come out by itself, at the time you choose."
        />
      }
    />
  );
}
