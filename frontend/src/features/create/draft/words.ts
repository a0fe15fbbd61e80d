// What is said with a post, and who may do what with it.
import type { NewPost } from "@/api/queries/posts";
import type { Audience, Post } from "@/api/types";

export interface Words {
  readonly caption: string;
  readonly audience: Audience;
  readonly commentsPolicy: Post["comments_policy"];
  readonly hideLikeCount: boolean;
  readonly sensitive: boolean;
}

export const NO_WORDS: Words = {
  caption: "",
  audience: "public",
  commentsPolicy: "everyone",
  hideLikeCount: false,
  sensitive: false,
};
/** The request that makes the post. */
export function postOf(words: Words, mediaIds: string[]): NewPost {
  return {
    media_ids: mediaIds,
    caption: words.caption.trim(),
    audience: words.audience,
    comments_policy: words.commentsPolicy,
    hide_like_count: words.hideLikeCount,
    sensitive: words.sensitive,
  };
}
