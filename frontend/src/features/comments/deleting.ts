// A comment is gone at once, and the server is told when there was time to take it back: it brings none back.
import { ApiError, sentence } from "@/api/problem";
import { deleteComment } from "@/api/queries/comments";
import type { Comment } from "@/api/types";
import { toast } from "@/lib/announce";
import { later } from "@/lib/later";
import { Store, useStore } from "@/lib/store";
import { plural } from "@/lib/text";
import { dropComment } from "./cache";

const leaving = new Store<ReadonlySet<string>>(new Set());

function hide(id: string, on: boolean): void {
  const ids = new Set(leaving.get());
  if (on) ids.add(id);
  else ids.delete(id);
  leaving.set(ids);
}

async function send(comment: Comment): Promise<void> {
  try {
    await deleteComment(comment.id);
    dropComment(comment);
  } catch (error) {
    if (error instanceof ApiError && error.isNotFound) dropComment(comment);
    else toast(`The comment was not deleted. ${sentence(error)}`, { tone: "error" });
  }
  hide(comment.id, false);
}

export function remove(comment: Comment): void {
  hide(comment.id, true);
  const callOff = later(() => void send(comment));
  const undo = () => {
    callOff();
    hide(comment.id, false);
  };
  const replies = comment.root_id ? 0 : comment.replies_count;
  const said =
    replies > 0
      ? `The comment and its ${plural(replies, "reply", "replies")} are deleted.`
      : "The comment is deleted.";
  toast(said, { action: { label: "Undo", run: undo } });
}

/** Without those that are being deleted here. */
export function useUndeleted(comments: readonly Comment[]): Comment[] {
  const ids = useStore(leaving);
  return comments.filter(({ id }) => !ids.has(id));
}
