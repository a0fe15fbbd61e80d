import { beforeEach, expect, test } from "vitest";
import { keys } from "@/api/keys";
import { entries, type Pages, queryClient } from "@/api/queryClient";
import type { Comment } from "@/api/types";
import { addComment, dropComment, knownComment, standComment, withNewRoots } from "./cache";

const author = { id: "7", username: "ada", display_name: "", avatar_url: null, is_private: false };

function comment(id: string, more: Partial<Comment> = {}): Comment {
  return {
    id,
    post_id: "1",
    author,
    body: "words",
    root_id: null,
    parent_id: null,
    created_at: `2026-01-01T00:00:${id.padStart(2, "0")}Z`,
    edited_at: null,
    pinned: false,
    state: "visible",
    likes_count: 0,
    replies_count: 0,
    viewer: { liked: false, own: false },
    replies: [],
    ...more,
  };
}

const pages = (...results: Comment[]): Pages<Comment> => ({
  pages: [{ results, next: null, previous: null }],
  pageParams: [undefined],
});
const listKey = [...keys.roots("1"), "newest"];
const listed = () => entries(queryClient.getQueryData<Pages<Comment>>(listKey));
const count = () =>
  queryClient.getQueryData<{ comments_count: number }>(keys.post("abc"))?.comments_count;

beforeEach(() => {
  queryClient.clear();
  queryClient.setQueryData(keys.post("abc"), { id: "1", comments_count: 5 });
});

test("new comments stand below the pinned ones and above the others", () => {
  const data = pages(comment("1", { pinned: true }), comment("2"));
  expect(entries(withNewRoots(data, [comment("4"), comment("3")])).map((c) => c.id)).toEqual([
    "1",
    "4",
    "3",
    "2",
  ]);
});

test("a comment that is there already is neither added nor counted again", () => {
  queryClient.setQueryData(listKey, pages(comment("1")));
  addComment(comment("2"));
  addComment(comment("2"));
  expect(listed().map((c) => c.id)).toEqual(["2", "1"]);
  expect(count()).toBe(6);
});

test("what waits is shown and not counted until it is approved", () => {
  queryClient.setQueryData(listKey, pages(comment("1")));
  const waits = comment("2", { state: "pending", root_id: "1", parent_id: "1" });
  addComment(waits);
  expect([count(), listed()[0]?.replies_count, knownComment("1", "2")?.state]).toEqual([
    5,
    0,
    "pending",
  ]);
  standComment(waits);
  expect([count(), listed()[0]?.replies_count, knownComment("1", "2")?.state]).toEqual([
    6,
    1,
    "visible",
  ]);
});

test("a root goes with its replies, and a second time takes nothing off", () => {
  const root = comment("1", { replies_count: 2, replies: [comment("2", { root_id: "1" })] });
  queryClient.setQueryData(listKey, pages(root, comment("3")));
  dropComment(root);
  dropComment(root);
  expect(listed().map((c) => c.id)).toEqual(["3"]);
  expect(count()).toBe(2);
});

test("a reply leaves its thread one shorter", () => {
  const reply = comment("2", { root_id: "1" });
  queryClient.setQueryData(listKey, pages(comment("1", { replies_count: 2, replies: [reply] })));
  dropComment(reply);
  expect([listed()[0]?.replies_count, listed()[0]?.replies, count()]).toEqual([1, [], 4]);
});
