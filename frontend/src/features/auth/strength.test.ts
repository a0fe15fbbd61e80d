import { expect, test } from "vitest";
import { strength } from "./strength";

test("length counts most, variety a little", () => {
  expect(strength("")).toBe(0);
  expect(strength("Sh0rt!!")).toBe(0);
  expect(strength("onlywords")).toBe(1);
  expect(strength("Words and 1")).toBe(2);
  expect(strength("a longer sentence")).toBe(3);
  expect(strength("a much longer sentence of words")).toBe(4);
});
