import { expect, test } from "vitest";
import { knownBy, knownInWords } from "./known";

const people = ["ana", "ben", "cleo"].map((username) => ({ username }));

test.each([
  [people.slice(0, 1), 1, "ana"],
  [people.slice(0, 2), 2, "ana and ben"],
  [people, 3, "ana, ben and 1 other"],
  [people, 14, "ana, ben and 12 others"],
  [people, null, "ana, ben and many others"],
  [[], 4, "4 people you follow"],
] as const)("%j of %s", (some, count, words) => {
  expect(knownInWords(some, count)).toBe(words);
});

test("at most two are named", () => {
  expect(knownBy(people, 3).named).toEqual(["ana", "ben"]);
});
