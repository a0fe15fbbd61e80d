import { expect, test } from "vitest";
import type { Post } from "@/api/types";
import { beside } from "./neighbours";

const posts = ["a", "b", "c"].map((shortcode) => ({ shortcode }) as Post);
const names = (shortcode: string, formerly = -1, among = posts) => {
  const { at, previous, next } = beside(among, shortcode, formerly);
  return [at, previous?.shortcode, next?.shortcode];
};

test("a post stands between its neighbours, and the ends have one each", () => {
  expect(names("a")).toEqual([0, undefined, "b"]);
  expect(names("b")).toEqual([1, "a", "c"]);
  expect(names("c")).toEqual([2, "b", undefined]);
});

test("a post of no list has no neighbours", () => {
  expect(names("x")).toEqual([-1, undefined, undefined]);
  expect(names("a", -1, [])).toEqual([-1, undefined, undefined]);
});

test("a post that left the list stands where it stood", () => {
  const [a, , c] = posts as [Post, Post, Post];
  expect(names("b", 1, [a, c])).toEqual([1, "a", "c"]);
  expect(names("c", 2, posts.slice(0, 2))).toEqual([2, "b", undefined]);
});
