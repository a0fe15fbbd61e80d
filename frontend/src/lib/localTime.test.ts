import { expect, test } from "vitest";
import { daysLeft, fromLocalField, lookIn, soon, toLocalField, whyNotThen } from "./localTime";

const NOW = new Date(2026, 4, 20, 9, 5).getTime();
const at = (ms: number) => new Date(NOW + ms).toISOString();
const DAY = 86_400_000;

test("a moment comes back from its field as it was, in the time of this device", () => {
  expect(toLocalField(NOW)).toBe("2026-05-20T09:05");
  expect(fromLocalField("2026-05-20T09:05")).toBe(new Date(NOW).toISOString());
});

test("an empty or half-filled field is no moment", () => {
  expect(fromLocalField("")).toBeNull();
  expect(fromLocalField("2026-05-")).toBeNull();
});

test("what is suggested is a full hour, half an hour away or more", () => {
  expect(toLocalField(soon(NOW))).toMatch(/:00$/);
  expect(soon(NOW) - NOW).toBeGreaterThanOrEqual(30 * 60_000);
  expect(soon(NOW) - NOW).toBeLessThan(90 * 60_000);
});

test("a time is planned from the next moment on until a year ahead", () => {
  expect(whyNotThen(null, NOW)).toBe("Choose a day and a time.");
  expect(whyNotThen(at(0), NOW)).toBe("This time has passed.");
  expect(whyNotThen(at(60_000), NOW)).toBeNull();
  expect(whyNotThen(at(365 * DAY), NOW)).toBeNull();
  expect(whyNotThen(at(365 * DAY + 1), NOW)).toBe("At most a year ahead.");
});

test("the days that a post stays in the bin", () => {
  expect(daysLeft(at(29.5 * DAY), NOW)).toBe("29 days left");
  expect(daysLeft(at(DAY), NOW)).toBe("1 day left");
  expect(daysLeft(at(DAY - 1), NOW)).toBe("Goes today");
});

test("what comes out is asked about when it is due, then often, and never more than an hour later", () => {
  expect(lookIn(null, NOW)).toBe(false);
  expect(lookIn(at(60_000), NOW)).toBe(65_000);
  expect(lookIn(at(-60_000), NOW)).toBe(10_000);
  expect(lookIn(at(DAY), NOW)).toBe(3_600_000);
});
