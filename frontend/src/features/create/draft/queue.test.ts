import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, offline } from "@/api/problem";
import { UploadQueue, type UploadStatus } from "./queue";
import { FakeServer, file, media } from "./testing";

function setUp() {
  const server = new FakeServer();
  const seen = new Map<string, UploadStatus>();
  const queue = new UploadQueue(server.door, server.around, (key, status) => seen.set(key, status));
  const stateOf = (key: string) => seen.get(key)?.state;
  return { server, queue, seen, stateOf };
}

const busy = (seconds: number) => new ApiError(503, "busy", "The server is busy.", {}, seconds);
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("sending", () => {
  test("two files at a time, the next when one has arrived, in order", async () => {
    const { server, queue, stateOf } = setUp();
    for (const name of ["a", "b", "c"]) queue.add(name, file(name), `key-${name}`);
    expect(server.names).toEqual(["a", "b"]);
    server.sent[1]?.arrive(media("2"));
    await settle();
    expect(server.names).toEqual(["a", "b", "c"]);
    expect([stateOf("a"), stateOf("b"), stateOf("c")]).toEqual(["sending", "ready", "sending"]);
  });

  test("tells how far it is, and nothing after the end", async () => {
    const { server, queue, seen } = setUp();
    queue.add("a", file("a"), "key-a");
    server.sent[0]?.options.onProgress?.(0.4);
    expect(seen.get("a")).toMatchObject({ state: "sending", sent: 0.4 });
    server.sent[0]?.arrive(media("1"));
    await settle();
    server.sent[0]?.options.onProgress?.(0.9);
    expect(seen.get("a")).toMatchObject({ state: "ready", sent: 1, problem: null });
  });

  test("a file that is dropped is cancelled and gives its place to the next", () => {
    const { server, queue } = setUp();
    for (const name of ["a", "b", "c"]) queue.add(name, file(name), `key-${name}`);
    queue.drop("a");
    expect(server.sent[0]?.isCancelled).toBe(true);
    expect(server.names).toEqual(["a", "b", "c"]);
    expect(server.removed).toEqual([]);
  });

  test("a file that has arrived is deleted on the server when it is dropped", async () => {
    const { server, queue } = setUp();
    queue.add("a", file("a"), "key-a");
    server.sent[0]?.arrive(media("7"));
    await settle();
    queue.drop("a");
    queue.drop("a");
    expect(server.removed).toEqual(["7"]);
  });
});

describe("trying again", () => {
  test("pauses grow, the key stays the same, and a pause gives its place away", async () => {
    const { server, queue, stateOf } = setUp();
    for (const name of ["a", "b", "c"]) queue.add(name, file(name), `key-${name}`);
    server.sent[0]?.fail(offline());
    await settle();
    expect(stateOf("a")).toBe("paused");
    expect(server.names).toEqual(["a", "b", "c"]);
    server.sent[1]?.arrive(media("2"));
    server.sent[2]?.arrive(media("3"));
    const pauses: number[] = [];
    for (const expected of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      const before = server.sent.length;
      await vi.advanceTimersByTimeAsync(expected - 1);
      expect(server.sent.length).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(server.sent.length).toBe(before + 1);
      pauses.push(expected);
      server.sent.at(-1)?.fail(offline());
      await settle();
    }
    expect(stateOf("a")).toBe("failed");
    const tries = server.sent.filter((sent) => sent.file.name === "a");
    expect(tries.length).toBe(pauses.length + 1);
    expect(new Set(tries.map(({ key }) => key))).toEqual(new Set(["key-a"]));
  });

  test("waits as long as the server asks", async () => {
    const { server, queue } = setUp();
    queue.add("a", file("a"), "key-a");
    server.sent[0]?.fail(busy(7));
    await vi.advanceTimersByTimeAsync(6999);
    expect(server.sent.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.sent.length).toBe(2);
  });

  test("without a network it waits for it, and then goes on at once", async () => {
    const { server, queue, seen } = setUp();
    queue.add("a", file("a"), "key-a");
    server.isOnline = false;
    server.sent[0]?.fail(offline());
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(server.sent.length).toBe(1);
    expect(seen.get("a")).toMatchObject({ state: "paused", sent: 0 });
    server.isOnline = true;
    queue.wake();
    server.sent[1]?.arrive(media("1"));
    await settle();
    expect(seen.get("a")?.state).toBe("ready");
  });

  test("what the server refuses is told and not sent again by itself", async () => {
    const { server, queue, seen } = setUp();
    queue.add("a", file("a"), "key-a");
    server.sent[0]?.fail(new ApiError(422, "unreadable_picture", "This picture is damaged."));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(server.sent.length).toBe(1);
    expect(seen.get("a")).toMatchObject({ state: "failed", problem: "This picture is damaged." });
    queue.retry("a");
    expect(server.sent.length).toBe(2);
  });

  test("an earlier try that still runs on the server is waited for", async () => {
    const { server, queue } = setUp();
    queue.add("a", file("a"), "key-a");
    server.sent[0]?.fail(new ApiError(409, "idempotency_in_flight", "It runs.", {}, 1));
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.sent[1]?.key).toBe("key-a");
  });
});

describe("what the server prepares", () => {
  const processing = media("9", { kind: "video", state: "processing" });

  async function sent() {
    const all = setUp();
    all.queue.add("v", file("v.mp4", 10, "video/mp4"), "key-v");
    all.server.known.set("9", processing);
    all.server.sent[0]?.arrive(processing);
    await settle();
    return all;
  }

  test("is asked for until it is ready", async () => {
    const { server, stateOf } = await sent();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stateOf("v")).toBe("preparing");
    server.known.set("9", { ...processing, state: "ready" });
    await vi.advanceTimersByTimeAsync(5000);
    expect(stateOf("v")).toBe("ready");
  });

  test("is looked at the moment the socket tells of it", async () => {
    const { server, queue, stateOf } = await sent();
    server.known.set("9", { ...processing, state: "ready" });
    queue.hear("8");
    await settle();
    expect(stateOf("v")).toBe("preparing");
    queue.hear("9");
    await settle();
    expect(stateOf("v")).toBe("ready");
  });

  test("that failed is told with its reason; another try is another upload", async () => {
    const { server, queue, seen } = await sent();
    const error = { code: "unreadable_video", message: "This video is damaged." };
    server.known.set("9", { ...processing, state: "failed", error });
    queue.hear("9");
    await settle();
    expect(seen.get("v")).toMatchObject({ state: "failed", problem: "This video is damaged." });
    queue.retry("v");
    expect(server.removed).toEqual(["9"]);
    expect(server.sent[1]?.key).not.toBe("key-v");
  });
});

describe("after a reload", () => {
  test("what has arrived is not sent again", async () => {
    const { server, queue, stateOf } = setUp();
    server.known.set("3", media("3"));
    await queue.resume("a", file("a"), "key-a", "3");
    expect([stateOf("a"), server.sent.length]).toEqual(["ready", 0]);
  });

  test("what the server has cleared away is sent anew", async () => {
    const { server, queue, stateOf } = setUp();
    await queue.resume("a", file("a"), "key-a", "3");
    expect([stateOf("a"), server.names]).toEqual(["sending", ["a"]]);
  });
});
