// Like and save of a post, at once on the screen and in every list that shows it.

import { keys } from "@/api/keys";
import { ApiError, sentence } from "@/api/problem";
import { setLiked, setSaved } from "@/api/queries/posts";
import { changePost, queryClient } from "@/api/queryClient";
import type { Post } from "@/api/types";
import { toast } from "@/lib/announce";
import { Wishes } from "@/lib/wishes";

function told(what: string) {
  return (id: string, error: unknown) => {
    if (error instanceof ApiError && error.isNotFound) changePost(id, () => null);
    toast(`${what} ${sentence(error)}`, { tone: "error" });
  };
}

const likes = new Wishes({
  send: setLiked,
  settled: (id, _on, answer) =>
    changePost(id, (post) => ({
      ...post,
      likes_count: answer.likes_count,
      viewer: { ...post.viewer, liked: answer.liked },
    })),
  failed: told("Your like was not kept."),
});

const saves = new Wishes({
  send: setSaved,
  settled: (id, _on, answer) => {
    changePost(id, (post) => ({ ...post, viewer: { ...post.viewer, saved: answer.saved } }));
    void queryClient.invalidateQueries({ queryKey: keys.saved, refetchType: "none" });
  },
  failed: told("The post was not saved."),
});

/** The number of likes as told now; while a like of one's own is on its way its answer tells it. */
export function tellLikes(post: Post, told: number | null): number | null {
  if (likes.isOpen(post.id)) return post.likes_count;
  // Watchers are told none when the author hides it, and the author still sees it.
  return told ?? (post.viewer.own ? post.likes_count : null);
}

export function useEngagement(post: Post) {
  const liked = likes.useWish(post.id, post.viewer.liked);
  const saved = saves.useWish(post.id, post.viewer.saved);
  const change = Number(liked) - Number(post.viewer.liked);
  return {
    liked,
    saved,
    /** Null when the author hides it. */
    likesCount: post.likes_count === null ? null : Math.max(0, post.likes_count + change),
    like: (on: boolean) => likes.want(post.id, post.viewer.liked, on),
    save: (on: boolean) => saves.want(post.id, post.viewer.saved, on),
  };
}
