// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { hiddenWords, mutedTags } from "./words";

test("a word is kept without the space around it", () => {
  expect(hiddenWords.clean("  so   called ")).toBe("so called");
  expect(hiddenWords.fault("so called")).toBeNull();
});

test("what the server would refuse is told before it is sent", () => {
  expect(hiddenWords.fault("a/b")).toBe("A slash cannot be part of it.");
  expect(hiddenWords.fault("a".repeat(51))).toBe("At most 50 characters.");
  expect(mutedTags.fault("two words")).toBe("A tag is one word of letters and numbers.");
  expect(mutedTags.fault("a".repeat(101))).toBe("At most 100 characters.");
});

test("a tag may be written with its sign and in capitals", () => {
  expect(mutedTags.clean(" #Sunset ")).toBe("sunset");
  expect(mutedTags.fault("закат_2")).toBeNull();
});
