// Planning one's own post for a time, another time, or none.
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { editPost } from "@/api/queries/posts";
import { changePost, queryClient } from "@/api/queryClient";
import type { Post } from "@/api/types";
import { toast } from "@/lib/announce";
import { exactTime } from "@/lib/time";

/** Drafts and planned posts are asked anew: one of them moved. */
function moved(post: Post): void {
  changePost(post.id, () => null);
  void queryClient.invalidateQueries({ queryKey: keys.own("drafts") });
  void queryClient.invalidateQueries({ queryKey: keys.own("scheduled") });
}

/** Whether it is planned; tells either. */
export async function planPost(post: Post, at: string): Promise<boolean> {
  try {
    const planned = await editPost(post.id, { state: "scheduled", publish_at: at });
    if (post.state === "scheduled") changePost(post.id, () => planned);
    else moved(post);
    void queryClient.invalidateQueries({ queryKey: keys.own("scheduled") });
    toast(`It comes out on ${exactTime(at)}.`);
    return true;
  } catch (error) {
    toast(`Not scheduled. ${sentence(error)}`, { tone: "error" });
    return false;
  }
}

export async function unplanPost(post: Post): Promise<boolean> {
  try {
    await editPost(post.id, { state: "draft" });
    moved(post);
    toast("It is among your drafts now.");
    return true;
  } catch (error) {
    toast(`It stays scheduled. ${sentence(error)}`, { tone: "error" });
    return false;
  }
}
