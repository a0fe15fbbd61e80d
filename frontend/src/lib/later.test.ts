import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { later, runWaiting, UNDO_MS } from "./later";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("it is done once, after the time for second thoughts", () => {
  const work = vi.fn();
  later(work);
  vi.advanceTimersByTime(UNDO_MS - 1);
  expect(work).not.toHaveBeenCalled();
  vi.advanceTimersByTime(UNDO_MS);
  runWaiting();
  expect(work).toHaveBeenCalledTimes(1);
});

test("called off, it is never done", () => {
  const work = vi.fn();
  later(work)();
  vi.advanceTimersByTime(UNDO_MS * 2);
  runWaiting();
  expect(work).not.toHaveBeenCalled();
});

test("who leaves the page meant it", () => {
  const work = vi.fn();
  later(work);
  runWaiting();
  vi.advanceTimersByTime(UNDO_MS * 2);
  expect(work).toHaveBeenCalledTimes(1);
});
