// What is said with a post, and who may do what with it.
import type { NewPost } from "@/api/queries/posts";
import type { PostSettings } from "@/features/post/PostOptions";

export interface Words extends PostSettings {
  readonly caption: string;
}

export const NO_WORDS: Words = {
  caption: "",
  audience: "public",
  commentsPolicy: "everyone",
  hideLikeCount: false,
  sensitive: false,
  place: null,
};

/** What becomes of a post: out now, kept as a draft, or planned for a moment. */
export type Plan = "now" | "draft" | { readonly at: string };

function planned(plan: Plan): Pick<NewPost, "state" | "publish_at"> {
  if (plan === "now") return {};
  return plan === "draft" ? { state: "draft" } : { state: "scheduled", publish_at: plan.at };
}

/** The request that makes the post. */
export function postOf(words: Words, mediaIds: string[], plan: Plan): NewPost {
  return {
    media_ids: mediaIds,
    caption: words.caption.trim(),
    audience: words.audience,
    comments_policy: words.commentsPolicy,
    hide_like_count: words.hideLikeCount,
    sensitive: words.sensitive,
    ...(words.place && { place: words.place.id }),
    ...planned(plan),
  };
}
