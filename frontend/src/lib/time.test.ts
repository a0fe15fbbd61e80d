import { expect, test } from "vitest";
import { inWords } from "./time";

const NOW = Date.parse("2026-05-20T12:00:00Z");
const before = (seconds: number) => inWords(new Date(NOW - seconds * 1000).toISOString(), NOW);

test("a moment in words, coarser the older it is", () => {
  expect(before(-5)).toBe("just now");
  expect(before(100)).toBe("just now");
  expect(before(5 * 60)).toBe("5 minutes ago");
  expect(before(3 * 3600 + 59)).toBe("3 hours ago");
  expect(before(26 * 3600)).toBe("yesterday");
  expect(before(3 * 86_400)).toBe("3 days ago");
  expect(before(10 * 86_400)).toMatch(/May|10/);
});
