import { expect, test } from "vitest";
import { clockTime } from "@/lib/time";
import { endOf, muteInWords } from "./mutes";

const NOON = Date.parse("2026-03-02T12:00:00Z");

test("a mute ends after the chosen time, or not by itself", () => {
  expect(endOf("8h", NOON)).toBe("2026-03-02T20:00:00.000Z");
  expect(endOf("day", NOON)).toBe("2026-03-03T12:00:00.000Z");
  expect(endOf("week", NOON)).toBe("2026-03-09T12:00:00.000Z");
  expect(endOf("always", NOON)).toBeNull();
});

test("what is muted is told in one order, whatever order it came in", () => {
  expect(muteInWords({ scopes: ["posts"], until: null })).toBe("Posts");
  expect(muteInWords({ scopes: ["stories", "posts"], until: null })).toBe("Posts and stories");
  expect(muteInWords({ scopes: ["messages", "posts", "stories"], until: null })).toBe(
    "Posts, stories and messages",
  );
});

test("the end is a clock time today and a date later", () => {
  const soon = endOf("8h", NOON) ?? "";
  expect(muteInWords({ scopes: ["posts"], until: soon }, NOON)).toBe(
    `Posts, until ${clockTime(soon)}`,
  );
  const later = endOf("week", NOON) ?? "";
  expect(muteInWords({ scopes: ["posts"], until: later }, NOON)).toMatch(/^Posts, until .*9.*, /);
});
