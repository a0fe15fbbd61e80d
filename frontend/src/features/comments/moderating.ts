// What the author of a post does with the comments under it: keep on top, let through.
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { approveComment, setCommentPinned } from "@/api/queries/comments";
import { queryClient } from "@/api/queryClient";
import type { Comment } from "@/api/types";
import { toast } from "@/lib/announce";
import { changeComment, standComment } from "./cache";

export async function pin(comment: Comment, on: boolean): Promise<void> {
  const show = (pinned: boolean) =>
    changeComment(comment.post_id, comment.id, (now) => ({ ...now, pinned }));
  try {
    await setCommentPinned(comment.id, on);
    show(on);
    const said = on ? "The comment stays on top now." : "The comment is back in its place.";
    toast(said, { action: { label: "Undo", run: () => void pin(comment, !on) } });
    await queryClient.invalidateQueries({ queryKey: keys.roots(comment.post_id) });
  } catch (error) {
    toast(`Nothing is changed. ${sentence(error)}`, { tone: "error" });
  }
}

/** Whether it may be seen now. */
export async function approve(comment: Comment): Promise<boolean> {
  try {
    await approveComment(comment.id);
    standComment(comment);
    toast("Approved. Everybody who sees the post sees the comment now.");
    return true;
  } catch (error) {
    toast(`Not approved. ${sentence(error)}`, { tone: "error" });
    return false;
  }
}
