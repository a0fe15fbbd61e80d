import { expect, test } from "vitest";
import { typedName, withName } from "./mentions";

test.each([
  ["@", 1, { start: 0, query: "" }],
  ["hello @An", 9, { start: 6, query: "an" }],
  ["hello @anna, look", 9, { start: 6, query: "an" }],
  ["(@a.b_1", 7, { start: 1, query: "a.b_1" }],
])("a name is being typed in %j", (text, caret, typed) => {
  expect(typedName(text, caret)).toEqual(typed);
});

test.each([
  ["anna@example", 12],
  ["a/@anna", 7],
  ["@anna ", 6],
  ["no name", 7],
  [`@${"a".repeat(31)}`, 32],
])("no name is being typed in %j", (text, caret) => {
  expect(typedName(text, caret)).toBeNull();
});

test("the whole name takes the place of what was typed, and one space follows", () => {
  const typed = { start: 3, query: "an" };
  expect(withName("Hi @an", typed, "anna")).toEqual({ text: "Hi @anna ", caret: 9 });
  expect(withName("Hi @an there", typed, "anna")).toEqual({ text: "Hi @anna there", caret: 9 });
});
