import { expect, test } from "vitest";
import type { Media, Post } from "@/api/types";
import { changesOf, editedOf } from "./changes";

const picture = (id: string) => ({ id, alt_text: `Picture ${id}` }) as Media;
const post = {
  caption: "Rain",
  audience: "public",
  comments_policy: "everyone",
  hide_like_count: false,
  sensitive: false,
  place: { id: "7", name: "Harbour" },
  people_tags: [{ id: "9", media_id: "1", user: { id: "5" }, x: 0.5, y: 0.5 }],
  media: [picture("1"), picture("2")],
} as unknown as Post;
const value = editedOf(post);
const [first, second] = value.media as [Media, Media];

test("what is left as it was is not sent", () => {
  expect(changesOf(post, value)).toEqual({});
});

test("each change is sent, and nothing besides", () => {
  expect(changesOf(post, { ...value, caption: "Sun", place: null, sensitive: true })).toEqual({
    caption: "Sun",
    place: null,
    sensitive: true,
  });
});

test("another order names all pictures, another description only its own", () => {
  expect(changesOf(post, { ...value, media: [second, first] })).toEqual({ media_ids: ["2", "1"] });
  const described = { ...second, alt_text: "A gull" };
  expect(changesOf(post, { ...value, media: [first, described] })).toEqual({
    media: [{ id: "2", alt_text: "A gull" }],
  });
});

test("all tags of people are sent when one changed", () => {
  const [tag] = value.people;
  const moved = { ...tag, x: 0.25 } as (typeof value.people)[number];
  expect(changesOf(post, { ...value, people: [moved] })).toEqual({
    people_tags: [{ user_id: "5", media_id: "1", x: 0.25, y: 0.5 }],
  });
  expect(changesOf(post, { ...value, people: [] })).toEqual({ people_tags: [] });
});
