// What an edit changes: only that is sent, so that what somebody changed meanwhile elsewhere stays.
import type { PostChange } from "@/api/queries/posts";
import type { Post } from "@/api/types";
import type { PostSettings } from "./PostOptions";
import { peopleOf, tagsOf } from "./tagging";

export interface Edited extends PostSettings {
  readonly caption: string;
  /** In their order, with their descriptions. */
  readonly media: Post["media"];
}

export function editedOf(post: Post): Edited {
  return {
    caption: post.caption,
    audience: post.audience,
    commentsPolicy: post.comments_policy,
    hideLikeCount: post.hide_like_count,
    sensitive: post.sensitive,
    place: post.place,
    people: peopleOf(post.people_tags),
    media: post.media,
  };
}

function mediaChanges(post: Post, { media }: Edited): PostChange {
  const texts = new Map(post.media.map(({ id, alt_text }) => [id, alt_text]));
  const described = media.filter(({ id, alt_text }) => alt_text !== texts.get(id));
  const isMoved = media.some(({ id }, at) => id !== post.media[at]?.id);
  return {
    ...(described.length > 0 && {
      media: described.map(({ id, alt_text }) => ({ id, alt_text })),
    }),
    ...(isMoved && { media_ids: media.map(({ id }) => id) }),
  };
}

function peopleChanges(post: Post, { people }: Edited): PostChange {
  const tags = tagsOf(people, (mediaId) => mediaId);
  const before = tagsOf(peopleOf(post.people_tags), (mediaId) => mediaId);
  return JSON.stringify(tags) === JSON.stringify(before) ? {} : { people_tags: tags };
}

/** The request that makes `value` of `post`; empty when it is that already. */
export function changesOf(post: Post, value: Edited): PostChange {
  return {
    ...(value.caption !== post.caption && { caption: value.caption }),
    ...(value.audience !== post.audience && { audience: value.audience }),
    ...(value.commentsPolicy !== post.comments_policy && {
      comments_policy: value.commentsPolicy,
    }),
    ...(value.hideLikeCount !== post.hide_like_count && { hide_like_count: value.hideLikeCount }),
    ...(value.sensitive !== post.sensitive && { sensitive: value.sensitive }),
    ...(value.place?.id !== post.place?.id && { place: value.place?.id ?? null }),
    ...peopleChanges(post, value),
    ...mediaChanges(post, value),
  };
}
