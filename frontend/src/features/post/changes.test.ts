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
