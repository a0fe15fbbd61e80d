import { expect, test } from "vitest";
import type { UserSummary } from "@/api/types";
import { type PersonAt, spotOf, tagsOf, withoutPerson, withPerson } from "./tagging";

const at = (id: string, picture: string, x = 0.5): PersonAt => ({
  user: { id } as UserSummary,
  picture,
  x,
  y: 0.25,
});

test("who is in the picture already moves; another picture may show them, too", () => {
  const before = [at("1", "a"), at("2", "a")];
  expect(withPerson(before, at("1", "a", 0.1))).toEqual([at("1", "a", 0.1), at("2", "a")]);
  expect(withPerson(before, at("1", "b"))).toEqual([...before, at("1", "b")]);
});

test("a person is taken out of one picture, not of the others", () => {
  expect(withoutPerson([at("1", "a"), at("1", "b")], at("1", "a"))).toEqual([at("1", "b")]);
});

test("a spot stays within the picture, with four digits", () => {
  expect(spotOf({ x: -0.2, y: 1.4 })).toEqual({ x: 0, y: 1 });
  expect(spotOf({ x: 1 / 3, y: 0 })).toEqual({ x: 0.3333, y: 0 });
});

test("pictures go by their ids, and who was in one that is gone goes with it", () => {
  const ids: Record<string, string> = { a: "11" };
  expect(tagsOf([at("1", "a"), at("2", "gone")], (key) => ids[key])).toEqual([
    { user_id: "1", media_id: "11", x: 0.5, y: 0.25 },
  ]);
});
