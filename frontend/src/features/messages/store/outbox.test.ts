import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, offline } from "@/api/problem";
import type { NewMessage } from "@/api/queries/messages";
import type { Message } from "@/api/types";
import { CommandError, ConnectionLostError, type SocketState } from "@/lib/realtime/socket";
import { Store } from "@/lib/store";
import { Outbox, type OutboxItem, type OutboxStorage } from "./outbox";
import { message } from "./testing";

class MemoryStorage implements OutboxStorage {
  readonly rows = new Map<string, OutboxItem & { user: string }>();

  async all(user: string) {
    return [...this.rows.values()].filter((row) => row.user === user);
  }

  async put(user: string, item: OutboxItem) {
    this.rows.set(item.client_id, { ...item, user });
  }

  async remove(clientId: string) {
    this.rows.delete(clientId);
  }
}

type Reply = (clientId: string) => Promise<Message>;

/** A server that writes each client id once, reached by socket and by HTTP. */
function setUp(state: SocketState = "live") {
  const written: string[] = [];
  const write: Reply = async (clientId) => {
    if (!written.includes(clientId)) written.push(clientId);
    return message(written.indexOf(clientId) + 1, { client_id: clientId });
  };
  const overSocket: Reply[] = [];
  const overHttp: Reply[] = [];
  const ways: string[] = [];
  const socketState = new Store<SocketState>(state);
  const storage = new MemoryStorage();
  const sent: string[] = [];
  const outbox = new Outbox({
    socket: {
      state: socketState,
      request: async (_type, data = {}) => {
        ways.push("socket");
        const reply = overSocket.shift() ?? write;
        return { message: await reply(String(data.client_id)), duplicate: false };
      },
    },
    api: {
      send: (_id: string, body: NewMessage) => {
        ways.push("http");
        return (overHttp.shift() ?? write)(body.client_id);
      },
    },
    storage,
    onSent: (done) => sent.push(done.client_id ?? ""),
  });
  const add = (clientId: string, conversationId = "7") =>
    outbox.add({
      client_id: clientId,
      conversation_id: conversationId,
      body: clientId,
      reply_to_seq: null,
    });
  const states = () => outbox.items.get().map((item) => `${item.client_id} ${item.state}`);
  return {
    outbox,
    add,
    states,
    written,
    write,
    overSocket,
    overHttp,
    ways,
    socketState,
    storage,
    sent,
  };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const never = () => new Promise<Message>(() => undefined);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("Outbox", () => {
  test("a message is sent once, told, and no longer kept", async () => {
    const set = setUp();
    await set.outbox.start("1");
    set.add("a");
    expect(set.storage.rows.has("a")).toBe(true);
    await settle();
    expect(set.written).toEqual(["a"]);
    expect(set.sent).toEqual(["a"]);
    expect(set.states()).toEqual(["a sent"]);
    expect(set.storage.rows.size).toBe(0);
    set.outbox.shown("a");
    expect(set.states()).toEqual([]);
  });

  test("in one conversation one is sent after the other, in the order they were written", async () => {
    const set = setUp();
    await set.outbox.start("1");
    let release: (value: Message) => void = () => undefined;
    set.overSocket.push((id) => {
      void set.write(id);
      return new Promise((resolve) => {
        release = resolve;
      });
    });
    for (const id of ["a", "b", "c"]) set.add(id);
    await settle();
    expect(set.written).toEqual(["a"]);
    release(message(1, { client_id: "a" }));
    await settle();
    expect(set.written).toEqual(["a", "b", "c"]);
  });

  test("conversations do not wait for each other", async () => {
    const set = setUp();
    await set.outbox.start("1");
    set.overSocket.push(never);
    set.add("a", "7");
    set.add("b", "8");
    await settle();
    expect(set.written).toEqual(["b"]);
  });

  test("a lost answer is asked for again under the same id, and the message is written once", async () => {
    const set = setUp();
    await set.outbox.start("1");
    set.overSocket.push(async (id) => {
      await set.write(id);
      throw new ConnectionLostError();
    });
    set.add("a");
    await settle();
    await settle();
    expect(set.written).toEqual(["a"]);
    expect(set.sent).toEqual(["a"]);
    expect(set.ways).toEqual(["socket", "socket"]);
  });

  test("without a socket it goes over HTTP", async () => {
    const set = setUp("waiting");
    await set.outbox.start("1");
    set.add("a");
    await settle();
    expect(set.ways).toEqual(["http"]);
    expect(set.written).toEqual(["a"]);
  });

  test("a socket that connects is waited for, but not for longer than 2 s", async () => {
    const quick = setUp("connecting");
    await quick.outbox.start("1");
    quick.add("a");
    await vi.advanceTimersByTimeAsync(500);
    expect(quick.ways).toEqual([]);
    quick.socketState.set("live");
    await settle();
    expect(quick.ways).toEqual(["socket"]);

    const slow = setUp("connecting");
    await slow.outbox.start("1");
    slow.add("a");
    await vi.advanceTimersByTimeAsync(2000);
    expect(slow.ways).toEqual(["http"]);
  });

  test("offline it waits, tries again by itself, and at once when woken", async () => {
    const set = setUp("waiting");
    await set.outbox.start("1");
    set.overHttp.push(
      () => Promise.reject(offline()),
      () => Promise.reject(offline()),
    );
    set.add("a");
    await settle();
    expect(set.states()).toEqual(["a waiting"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(set.states()).toEqual(["a waiting"]);
    set.outbox.wake();
    await settle();
    expect(set.states()).toEqual(["a sent"]);
  });

  test("told to slow down it waits as long as it is told", async () => {
    const set = setUp();
    await set.outbox.start("1");
    set.overSocket.push(() => Promise.reject(new CommandError("rate_limited", "Slow down.", 3)));
    set.add("a");
    await vi.advanceTimersByTimeAsync(2999);
    expect(set.written).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(set.written).toEqual(["a"]);
  });

  test("what the server refuses fails with its words, and the next one is still sent", async () => {
    const set = setUp();
    await set.outbox.start("1");
    set.overSocket.push(() => Promise.reject(new CommandError("not_found", "Not there.", null)));
    set.add("a");
    set.add("b");
    await settle();
    expect(set.states()).toEqual(["a failed", "b sent"]);
    expect(set.outbox.items.get()[0]?.problem).toBe("Not there.");
    expect(set.storage.rows.get("a")?.state).toBe("failed");
  });

  test("over HTTP a refusal fails as well", async () => {
    const set = setUp("waiting");
    await set.outbox.start("1");
    set.overHttp.push(() => Promise.reject(new ApiError(404, "not_found", "Not there.")));
    set.add("a");
    await settle();
    expect(set.states()).toEqual(["a failed"]);
  });

  test("a failed message is sent when the person tries again, and gone when discarded", async () => {
    const set = setUp();
    await set.outbox.start("1");
    const refuse = () => Promise.reject(new CommandError("not_found", "Not there.", null));
    set.overSocket.push(refuse, refuse);
    set.add("a");
    set.add("b");
    await settle();
    set.outbox.retry("a");
    set.outbox.discard("b");
    await settle();
    expect(set.states()).toEqual(["a sent"]);
    expect(set.storage.rows.size).toBe(0);
  });

  test("what an earlier page left is sent in its order; another person's is not touched", async () => {
    const set = setUp();
    const left = (id: string, at: string, state: OutboxItem["state"]): OutboxItem => ({
      client_id: id,
      conversation_id: "7",
      body: id,
      reply_to_seq: null,
      created_at: at,
      state,
      problem: null,
    });
    await set.storage.put("1", left("late", "2026-01-02", "sending"));
    await set.storage.put("1", left("early", "2026-01-01", "waiting"));
    await set.storage.put("1", left("refused", "2026-01-01", "failed"));
    await set.storage.put("2", left("other", "2026-01-01", "sending"));
    await set.outbox.start("1");
    await settle();
    expect(set.written).toEqual(["early", "late"]);
    expect(set.states()).toContain("refused failed");
    expect([...set.storage.rows.keys()].sort()).toEqual(["other", "refused"]);
  });

  test("a browser without storage still sends", async () => {
    const set = setUp();
    set.storage.all = () => Promise.reject(new Error("no storage"));
    set.storage.put = () => Promise.reject(new Error("no storage"));
    set.storage.remove = () => Promise.reject(new Error("no storage"));
    await set.outbox.start("1");
    set.add("a");
    await settle();
    expect(set.written).toEqual(["a"]);
  });
});
