// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { indexOfPlace } from "./place";
import { firstKnown } from "./seen";

const post = (id: string, minute: number) => ({
  id,
  published_at: `2026-01-01T10:${String(minute).padStart(2, "0")}:00Z`,
});
const feed = [post("5", 50), post("4", 40), post("3", 30)];
const place = (postId: string, minute: number) => ({
  postId,
  at: post(postId, minute).published_at,
  offset: 0,
});

test("the place is the post itself, wherever it stands by now", () => {
  expect(indexOfPlace([post("6", 55), ...feed], place("4", 40))).toBe(2);
});

test("a post that is gone leaves its place to the next older one", () => {
  expect(indexOfPlace(feed, place("9", 45))).toBe(1);
});

test("a place further down is not there yet", () => {
  expect(indexOfPlace(feed, place("1", 10))).toBe(-1);
});

test("the mark stands above the newest post of the last visit", () => {
  expect(firstKnown(feed, post("3", 30).published_at)).toBe(2);
  expect(firstKnown(feed, post("9", 45).published_at)).toBe(1);
});

test("there is no mark at the first visit, with nothing new, and before it is read that far", () => {
  expect(firstKnown(feed, null)).toBe(-1);
  expect(firstKnown(feed, post("5", 50).published_at)).toBe(-1);
  expect(firstKnown(feed, post("1", 10).published_at)).toBe(-1);
});
