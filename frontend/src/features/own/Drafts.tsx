// Drafts that wait on the server: go on with one, plan it, or throw it away.
import { useInfiniteQuery } from "@tanstack/react-query";
import { CalendarClock, FilePenLine, Trash2 } from "lucide-react";
import { useState } from "react";
import { draftsQuery } from "@/api/queries/ownPosts";
import type { Post } from "@/api/types";
import EditPostDialog from "@/features/post/EditPostDialog";
import { binPost } from "@/features/post/own";
import ScheduleDialog from "@/features/post/ScheduleDialog";
import { useOverlayState } from "@/lib/overlay";
import { paths } from "@/lib/paths";
import { Button, ButtonLink } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import { EmptyState } from "@/ui/States";
import { KeptList } from "./KeptList";
import { KeptRow, nameOf } from "./KeptRow";
import { planPost } from "./plan";

function DraftRow({ post, gone }: { post: Post; gone: () => void }) {
  const [dialog, setDialog] = useState<"edit" | "schedule" | null>(null);
  const close = () => setDialog(null);
  return (
    <KeptRow post={post} note="Draft">
      <Button size="small" onClick={() => setDialog("edit")}>
        Continue<span className="visually-hidden"> with {nameOf(post)}</span>
      </Button>
      <Menu
        label={`More for ${nameOf(post)}`}
        items={[
          {
            label: "Schedule…",
            icon: <CalendarClock size={20} />,
            run: () => setDialog("schedule"),
          },
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
          at={null}
          button="Schedule"
          plan={(at) => planPost(post, at)}
          onClose={close}
        />
      )}
    </KeptRow>
  );
}

export default function Drafts() {
  const overlay = useOverlayState(true);
  return (
    <KeptList
      query={useInfiniteQuery(draftsQuery)}
      label="Drafts"
      row={(post, gone) => <DraftRow key={post.id} post={post} gone={gone} />}
      empty={
        <EmptyState
          icon={<FilePenLine size={32} strokeWidth={1.6} />}
          title="No drafts"
          text="“Save as draft” in a new post keeps it here, on every device of yours."
        >
          <ButtonLink variant="primary" to={paths.create} state={overlay}>
            New post
          </ButtonLink>
        </EmptyState>
      }
    />
  );
}
