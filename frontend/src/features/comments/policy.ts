// Who may comment on a post, said before somebody writes in vain.
import type { Post, Relationship } from "@/api/types";

export interface Permission {
  readonly may: boolean;
  /** In words; empty when everybody may. */
  readonly said: string;
}

type Asked = Pick<Post, "comments_policy" | "viewer"> & {
  readonly author: Pick<Post["author"], "username">;
};

/** As the server decides. A standing that is not known yet is no reason to close the door. */
export function whoMay(
  { comments_policy: policy, viewer, author }: Asked,
  standing: Pick<Relationship, "following" | "followed_by"> | null | undefined,
): Permission {
  switch (policy) {
    case "nobody":
      return { may: false, said: "Comments on this post are turned off." };
    case "followers":
      if (viewer.own) return { may: true, said: "Only your followers can comment." };
      return {
        may: standing?.following !== false,
        said: `Only followers of ${author.username} can comment.`,
      };
    case "followed":
      if (viewer.own) return { may: true, said: "Only people you follow can comment." };
      return {
        may: standing?.followed_by !== false,
        said: `Only people ${author.username} follows can comment.`,
      };
    default:
      return { may: true, said: "" };
  }
}
