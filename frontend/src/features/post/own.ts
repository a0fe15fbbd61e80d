// What an author does with a post: bring it out, archive, pin, delete and take back.
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import {
  discardPost,
  publishPost,
  restorePost,
  setArchived,
  setPinned,
} from "@/api/queries/ownPosts";
import { deletePost } from "@/api/queries/posts";
import { changePost, queryClient } from "@/api/queryClient";
import type { Post } from "@/api/types";
import { toast } from "@/lib/announce";

export const BIN_DAYS = 30;

const failed = (what: string) => (error: unknown) => {
  toast(`${what} ${sentence(error)}`, { tone: "error" });
  return false;
};

/** It stands in other lists now: they are asked anew. */
function listsChanged(): void {
  void queryClient.invalidateQueries({ queryKey: ["posts"] });
  void queryClient.invalidateQueries({ queryKey: ["user"] });
  void queryClient.invalidateQueries({ queryKey: keys.me });
}

/** Takes it out of every list at once; those that it goes to are asked when they are next seen. */
function takeAway({ id }: Post): void {
  changePost(id, () => null);
  void queryClient.invalidateQueries({ queryKey: keys.own("bin") });
  void queryClient.invalidateQueries({ queryKey: keys.own("archive") });
  void queryClient.invalidateQueries({ queryKey: ["user"] });
}

type Done = Promise<boolean>;

/** Into the bin, at once, and back by "Undo". `onGone` leaves a page that shows nothing else. */
export async function binPost(post: Post, onGone?: () => void): Done {
  try {
    await deletePost(post.id);
  } catch (error) {
    return failed("Not deleted.")(error);
  }
  onGone?.();
  takeAway(post);
  toast(`In the bin for ${BIN_DAYS} days.`, {
    action: { label: "Undo", run: () => void unbinPost(post, "Not deleted any more.") },
  });
  return true;
}

export async function unbinPost(post: Post, done = "Restored."): Done {
  try {
    const restored = await restorePost(post.id);
    changePost(post.id, () => null); // it leaves the bin
    listsChanged();
    const isBackInDrafts = post.publish_at !== null && restored.state === "draft";
    toast(isBackInDrafts ? "Its time has passed: it is among your drafts." : done);
    return true;
  } catch (error) {
    return failed("Not restored.")(error);
  }
}

/** Out of the bin for good; there is no way back. */
export async function purgePost(post: Post): Done {
  try {
    await discardPost(post.id);
    changePost(post.id, () => null);
    toast("Deleted for good.");
    return true;
  } catch (error) {
    return failed("Not deleted.")(error);
  }
}

export async function archivePost(post: Post, onGone?: () => void): Done {
  try {
    await setArchived(post.id, true);
  } catch (error) {
    return failed("Not archived.")(error);
  }
  onGone?.();
  takeAway(post);
  toast("Archived. Only you see it now.", {
    action: { label: "Undo", run: () => void unarchivePost(post) },
  });
  return true;
}

export async function unarchivePost(post: Post): Done {
  try {
    await setArchived(post.id, false);
    changePost(post.id, (shown) => ({ ...shown, state: "published" }));
    listsChanged();
    toast("Back on your profile.");
    return true;
  } catch (error) {
    return failed("It stays in the archive.")(error);
  }
}

export async function pinPost(post: Post, on: boolean): Done {
  try {
    await setPinned(post.id, on);
    changePost(post.id, (shown) => ({ ...shown, pinned: on }));
    void queryClient.invalidateQueries({ queryKey: keys.userPosts(post.author.id) });
    toast(on ? "Pinned to the top of your profile." : "Not pinned any more.");
    return true;
  } catch (error) {
    return failed(on ? "Not pinned." : "It stays pinned.")(error);
  }
}

export async function bringOut(post: Post): Done {
  try {
    await publishPost(post.id);
    changePost(post.id, () => null); // of the drafts or planned ones
    listsChanged();
    toast("Your post is shared.");
    return true;
  } catch (error) {
    return failed("Not shared.")(error);
  }
}
