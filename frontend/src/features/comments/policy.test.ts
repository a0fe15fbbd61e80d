import { expect, test } from "vitest";
import type { Post } from "@/api/types";
import { whoMay } from "./policy";

const post = (comments_policy: Post["comments_policy"], own = false) => ({
  comments_policy,
  viewer: { liked: false, saved: false, own },
  author: { username: "ada" },
});
const stranger = { following: false, followed_by: false };

test("comments that are turned off are turned off for their author too", () => {
  expect(whoMay(post("nobody", true), null).may).toBe(false);
});

test("followers may where followers may, and others are told why not", () => {
  expect(whoMay(post("followers"), { ...stranger, following: true }).may).toBe(true);
  const refused = { may: false, said: "Only followers of ada can comment." };
  expect(whoMay(post("followers"), { ...stranger, followed_by: true })).toEqual(refused);
});

test("the followed may where the author chose these", () => {
  expect(whoMay(post("followed"), { ...stranger, followed_by: true }).may).toBe(true);
  const refused = { may: false, said: "Only people ada follows can comment." };
  expect(whoMay(post("followed"), { ...stranger, following: true })).toEqual(refused);
});

test("the author may under each policy but nobody, and a standing not known yet closes no door", () => {
  expect(whoMay(post("followed", true), undefined).may).toBe(true);
  expect(whoMay(post("followers"), undefined).may).toBe(true);
  expect(whoMay(post("everyone"), undefined)).toEqual({ may: true, said: "" });
});
