import { expect, test, vi } from "vitest";
import { ApiError } from "@/api/problem";
import { acceptAll } from "./acceptAll";

function waiting(ids: string[], page = 2) {
  const left = new Set(ids);
  return {
    left,
    read: async () => [...left].slice(0, page),
    accept: vi.fn(async (id: string) => void left.delete(id)),
  };
}

test("page after page is let in, each person once", async () => {
  const { left, read, accept } = waiting(["1", "2", "3", "4", "5"]);
  expect(await acceptAll({ read, accept })).toBe(5);
  expect(left.size).toBe(0);
  expect(accept).toHaveBeenCalledTimes(5);
});

test("who took the request back is passed over", async () => {
  const { read, left } = waiting(["1", "2"]);
  const accept = async (id: string) => {
    if (id === "1") throw new ApiError(404, "not_found", "Not here.");
    left.delete(id);
  };
  expect(await acceptAll({ read, accept })).toBe(1);
});

test("a request that stays does not keep it going for ever", async () => {
  const accept = vi.fn(async () => undefined);
  expect(await acceptAll({ read: async () => ["1"], accept })).toBe(1);
  expect(accept).toHaveBeenCalledTimes(1);
});

test("any other refusal is told", async () => {
  const { read } = waiting(["1"]);
  const accept = () => Promise.reject(new ApiError(429, "rate_limited", "Slow down."));
  await expect(acceptAll({ read, accept })).rejects.toThrow("Slow down.");
});
