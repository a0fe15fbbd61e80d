import { expect, test } from "vitest";
import { secondsUntil } from "@/lib/countdown";
import { awaitAddress, awaitedAddress, codeSent, forgetAddress, nextCodeAt } from "./proof";

test("another code may be asked for a minute after the last one", () => {
  codeSent(1_000_000);
  expect(secondsUntil(nextCodeAt(), 1_000_000)).toBe(60);
  expect(secondsUntil(nextCodeAt(), 1_059_001)).toBe(1);
  expect(secondsUntil(nextCodeAt(), 1_060_000)).toBe(0);
});

test("a new address waits for its code, for its owner and for an hour", () => {
  awaitAddress("7", "new@example.org");
  expect(awaitedAddress("7")).toBe("new@example.org");
  expect(awaitedAddress("8")).toBeNull();
  expect(awaitedAddress("7", Date.now() + 61 * 60_000)).toBeNull();
  forgetAddress();
  expect(awaitedAddress("7")).toBeNull();
});
