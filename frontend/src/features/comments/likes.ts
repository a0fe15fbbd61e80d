// Like of a comment, at once on the screen.
import { sentence } from "@/api/problem";
import { setCommentLiked } from "@/api/queries/comments";
import type { Comment } from "@/api/types";
import { toast } from "@/lib/announce";
import { Wishes } from "@/lib/wishes";
import { changeComment } from "./cache";

const postOf = new Map<string, string>();

const likes = new Wishes({
  send: setCommentLiked,
  settled: (id, _on, answer) =>
    changeComment(postOf.get(id) ?? "", id, (comment) => ({
      ...comment,
      likes_count: answer.likes_count,
      viewer: { ...comment.viewer, liked: answer.liked },
    })),
  failed: (_id, error) => toast(`Your like was not kept. ${sentence(error)}`, { tone: "error" }),
});

export function useCommentLike(comment: Comment) {
  const liked = likes.useWish(comment.id, comment.viewer.liked);
  return {
    liked,
    likesCount: Math.max(0, comment.likes_count + Number(liked) - Number(comment.viewer.liked)),
    like: (on: boolean) => {
      postOf.set(comment.id, comment.post_id);
      likes.want(comment.id, comment.viewer.liked, on);
    },
  };
}
