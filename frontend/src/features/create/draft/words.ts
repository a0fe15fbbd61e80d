// What is said with a post, and who may do what with it.
import type { NewPost } from "@/api/queries/posts";
import type { PostSettings } from "@/features/post/PostOptions";
import { tagsOf } from "@/features/post/tagging";

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
  people: [],
};

/** What becomes of a post: out now, kept as a draft, or planned for a moment. */
export type Plan = "now" | "draft" | { readonly at: string };

function planned(plan: Plan): Pick<NewPost, "state" | "publish_at"> {
  if (plan === "now") return {};
  return plan === "draft" ? { state: "draft" } : { state: "scheduled", publish_at: plan.at };
}

/** The request that makes the post; `mediaIds` by the keys of the files, in their order. */
export function postOf(words: Words, mediaIds: ReadonlyMap<string, string>, plan: Plan): NewPost {
  const people = tagsOf(words.people, (key) => mediaIds.get(key));
  return {
    media_ids: [...mediaIds.values()],
    caption: words.caption.trim(),
    audience: words.audience,
    comments_policy: words.commentsPolicy,
    hide_like_count: words.hideLikeCount,
    sensitive: words.sensitive,
    ...(people.length > 0 && { people_tags: people }),
    ...(words.place && { place: words.place.id }),
    ...planned(plan),
  };
}
