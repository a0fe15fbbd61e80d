import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, offline } from "@/api/problem";
import type { MessagesApi } from "@/api/queries/messages";
import type { Conversation, Message } from "@/api/types";
import type { Data, SocketState } from "@/lib/realtime/socket";
import { Store } from "@/lib/store";
import { Messaging } from "./messaging";
import { conversation, message, person } from "./testing";

const ME = "1";

/** A server with conversations of two, its socket, and how far this person's inbox is. */
class Server {
  readonly conversations = new Map<string, Conversation>();
  readonly history = new Map<string, Message[]>();
  readonly asked: string[] = [];
  readonly listeners = new Map<string, ((data: Data) => void)[]>();
  readonly state = new Store<SocketState>("live");
  readonly changedAt = new Map<string, number>();
  version = 0;
  isDown = false;

  add(id: string, count = 0): void {
    this.history.set(id, []);
    this.conversations.set(
      id,
      conversation(0, { id, title: `With ${id}`, rev: 0, last_message: null }),
    );
    this.#touch(id);
    for (let i = 0; i < count; i += 1) this.write(id);
  }

  /** Somebody writes; pushed to the socket unless it is lost on the way. */
  write(id: string, { by = "2", push = false, clientId = "" } = {}): Message {
    const all = this.history.get(id) ?? [];
    const seq = all.length + 1;
    const written = message(seq, {
      id: `${id}-${seq}`,
      conversation_id: id,
      sender: person(by),
      client_id: clientId || `${id}-client-${seq}`,
      created_at: new Date(Date.UTC(2026, 0, 1) + this.version * 1000).toISOString(),
    });
    all.push(written);
    const old = this.conversations.get(id) as Conversation;
    const readSeq = by === ME ? seq : old.my.read_seq;
    this.conversations.set(id, {
      ...old,
      last_message: written,
      last_seq: seq,
      rev: seq,
      last_activity_at: written.created_at,
      my: { ...old.my, read_seq: readSeq },
      unread_count: seq - readSeq,
    });
    this.#touch(id);
    if (push) this.push("message.created", { message: written });
    return written;
  }

  push(type: string, data: Data): void {
    for (const listener of this.listeners.get(type) ?? []) listener(data);
  }

  #touch(id: string): void {
    this.version += 1;
    this.changedAt.set(id, this.version);
  }

  /** As after a block: whoever asks for it is told that there is no such thing. */
  remove(id: string): void {
    this.#touch(id);
    this.conversations.delete(id);
  }

  #check(what: string) {
    this.asked.push(what);
    if (this.isDown) throw offline();
  }

  #found(id: string): Conversation {
    const found = this.conversations.get(id);
    if (!found) throw new ApiError(404, "not_found", "Not found.");
    return found;
  }

  #sorted(): Conversation[] {
    return [...this.conversations.values()].sort((a, b) =>
      b.last_activity_at.localeCompare(a.last_activity_at),
    );
  }

  readonly socket = {
    state: this.state,
    on: (type: string, listener: (data: Data) => void) => {
      this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
      return () => undefined;
    },
    request: async (type: string, data: Data = {}): Promise<Data> => {
      this.asked.push(
        type === "read.mark" ? `read.mark ${data.conversation_id} ${data.seq}` : type,
      );
      if (type === "hello") return { inbox_version: this.version, badges: { messages: 3 } };
      if (type === "resume") {
        const since = Number(data.inbox_version);
        const changed = [...this.changedAt]
          .filter(([, at]) => at > since)
          .map(([id]) => {
            const known = this.conversations.get(id);
            return { conversation_id: id, last_seq: known?.last_seq ?? 0, rev: known?.rev ?? 0 };
          });
        return { inbox_version: this.version, changed, badges: {} };
      }
      if (type === "message.send") {
        const written = this.write(String(data.conversation_id), {
          by: ME,
          clientId: String(data.client_id),
        });
        return { message: written, duplicate: false };
      }
      return {};
    },
  };

  readonly api = {
    conversations: async () => {
      this.#check("inbox");
      return { results: this.#sorted(), next: null, previous: null };
    },
    conversation: async (id: string) => {
      this.#check(`conversation ${id}`);
      return this.#found(id);
    },
    history: async (id: string) => {
      this.#check(`history ${id}`);
      return { results: (this.history.get(id) ?? []).slice(-40), next: null, previous: null };
    },
    changes: async (id: string, afterRev: number) => {
      this.#check(`changes ${id} ${afterRev}`);
      const now = this.#found(id);
      const results = (this.history.get(id) ?? []).filter((m) => m.rev > afterRev);
      return { results, conversation: now, rev: now.rev, has_more: false };
    },
    markRead: async (id: string, seq: number) => {
      this.#check(`http read ${id} ${seq}`);
      return { seq };
    },
  } as unknown as MessagesApi;
}

async function setUp(...ids: string[]) {
  const server = new Server();
  for (const id of ids) server.add(id, 2);
  const messaging = new Messaging({
    socket: server.socket,
    api: server.api,
    storage: { all: async () => [], put: async () => undefined, remove: async () => undefined },
    cursorOf: () => undefined,
    random: () => 0.5,
  });
  messaging.start(ME);
  const row = (id: string) => messaging.inbox.find(id);
  const order = () => messaging.inbox.get().conversations.map((c) => c.id);
  const shown = (id: string) =>
    messaging
      .thread(id)
      .state.get()
      .messages.map((m) => m.seq);
  return { server, messaging, row, order, shown };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

/** A message that came during a break, and that the server did not give when the break was over. */
async function missedWhileDown() {
  const { server, messaging, row } = await setUp("7");
  await messaging.greet();
  await messaging.inbox.load();
  server.write("7");
  server.isDown = true;
  await messaging.greet();
  await settle();
  server.isDown = false;
  return { server, messaging, row };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("inbox", () => {
  test("a message moves its conversation to the top and counts as unread", async () => {
    const { server, messaging, row, order } = await setUp("7", "8");
    await messaging.greet();
    await messaging.inbox.load();
    expect(order()).toEqual(["8", "7"]);
    server.write("7", { push: true });
    expect(order()).toEqual(["7", "8"]);
    expect(row("7")).toMatchObject({ last_seq: 3, unread_count: 3 });
  });

  test("one's own message from another tab counts as read", async () => {
    const { server, messaging, row } = await setUp("7");
    await messaging.greet();
    await messaging.inbox.load();
    server.write("7", { by: ME, push: true });
    expect(row("7")).toMatchObject({ unread_count: 0, my: { read_seq: 3 } });
  });

  test("a message of an unknown conversation brings the conversation", async () => {
    const { server, messaging, order } = await setUp("7");
    await messaging.greet();
    await messaging.inbox.load();
    server.add("9");
    server.write("9", { push: true });
    await settle();
    expect(order()).toEqual(["9", "7"]);
  });

  test("a message that arrives twice is counted once", async () => {
    const { server, messaging, row } = await setUp("7");
    await messaging.greet();
    await messaging.inbox.load();
    const written = server.write("7", { push: true });
    server.push("message.created", { message: written });
    expect(row("7")?.unread_count).toBe(3);
  });

  test("a conversation that is removed is gone", async () => {
    const { server, messaging, order } = await setUp("7", "8");
    await messaging.greet();
    await messaging.inbox.load();
    server.remove("8");
    server.push("conversation.removed", { conversation_id: "8" });
    expect(order()).toEqual(["7"]);
  });

  test("whoever looks at a conversation that is removed is told, and has it again when it is back", async () => {
    const { server, messaging, order, shown } = await setUp("7", "8");
    await messaging.greet();
    await messaging.inbox.load();
    const { state } = messaging.thread("8");
    await settle();
    const there = server.conversations.get("8") as Conversation;
    server.remove("8");
    server.push("conversation.removed", { conversation_id: "8" });
    await settle();
    expect(state.get().status).toBe("failed");
    expect(state.get().error).toMatchObject({ status: 404 });
    server.conversations.set("8", there);
    server.push("conversation.updated", { conversation_id: "8" });
    await settle();
    expect(order()).toEqual(["8", "7"]);
    expect(shown("8")).toEqual([1, 2]);
  });
});

describe("resume", () => {
  test("the first greeting says hello and gives the badges", async () => {
    const { server, messaging } = await setUp("7");
    expect(await messaging.greet()).toEqual({ messages: 3 });
    expect(server.asked).toEqual(["hello"]);
  });

  test("an inbox read before the greeting is read again", async () => {
    const { server, messaging, row } = await setUp("7");
    await messaging.inbox.load();
    server.write("7"); // nobody was connected
    await messaging.greet();
    await settle();
    expect(row("7")?.last_seq).toBe(3);
  });

  test("after a break only what changed is read", async () => {
    const { server, messaging, row, shown } = await setUp("7", "8", "9");
    await messaging.greet();
    await messaging.inbox.load();
    messaging.thread("7");
    await settle();
    server.write("7");
    server.write("9");
    server.asked.length = 0;
    await messaging.greet();
    await settle();
    expect(server.asked.toSorted()).toEqual(["changes 7 2", "conversation 9", "resume"]);
    expect(shown("7")).toEqual([1, 2, 3]);
    expect(row("9")?.last_seq).toBe(3);
  });

  test("after a break the conversation one looks at tells how far the other has read", async () => {
    const { server, messaging, row } = await setUp("7", "8");
    await messaging.greet();
    await messaging.inbox.load();
    messaging.thread("7");
    await settle();
    const there = server.conversations.get("7") as Conversation;
    const members = there.members.map((member) => ({ ...member, read_seq: 2 }));
    server.conversations.set("7", { ...there, members });
    server.asked.length = 0;
    await messaging.greet();
    await settle();
    expect(server.asked).toEqual(["resume", "changes 7 2"]);
    expect(row("7")?.members.map((member) => member.read_seq)).toEqual([2, 2]);
  });

  test("what is gone after a break is gone from the list and asked for once", async () => {
    const { server, messaging, order } = await setUp("7", "8");
    await messaging.greet();
    await messaging.inbox.load();
    messaging.thread("8");
    await settle();
    server.remove("7");
    server.remove("8");
    await messaging.greet();
    await settle();
    expect(order()).toEqual([]);
    server.asked.length = 0;
    messaging.heartbeat({ inbox_version: server.version });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.asked).toEqual([]);
  });

  test("what could not be read after a break is read at the next heartbeat", async () => {
    const { server, messaging, row } = await missedWhileDown();
    messaging.heartbeat({ inbox_version: server.version });
    await settle();
    expect(row("7")?.last_seq).toBe(3);
  });

  test("what could not be read after a break is asked for again by itself", async () => {
    const { row } = await missedWhileDown();
    await vi.advanceTimersByTimeAsync(2000);
    await settle();
    expect(row("7")?.last_seq).toBe(3);
  });

  test("where sockets are blocked the pages are read again, also while one is opening", async () => {
    vi.stubGlobal("document", { hidden: false });
    const { server, messaging, row } = await setUp("7");
    await messaging.inbox.load();
    server.state.set("connecting");
    server.write("7");
    await vi.advanceTimersByTimeAsync(20_000);
    await settle();
    expect(row("7")?.last_seq).toBe(3);
    vi.unstubAllGlobals();
  });

  test("a heartbeat with another version reads what the socket lost", async () => {
    const { server, messaging, shown } = await setUp("7");
    await messaging.greet();
    messaging.thread("7");
    await settle();
    server.write("7"); // the last message was lost, nothing follows to show the gap
    messaging.heartbeat({ inbox_version: server.version });
    await settle();
    expect(shown("7")).toEqual([1, 2, 3]);
  });

  test("a heartbeat with the same version asks nothing", async () => {
    const { server, messaging } = await setUp("7");
    await messaging.greet();
    server.asked.length = 0;
    messaging.heartbeat({ inbox_version: server.version });
    await settle();
    expect(server.asked).toEqual([]);
  });

  test("told to resync, clients come back spread over two seconds", async () => {
    const { server, messaging } = await setUp("7");
    await messaging.greet();
    server.asked.length = 0;
    server.push("resync", {});
    await vi.advanceTimersByTimeAsync(999);
    expect(server.asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.asked).toEqual(["resume"]);
  });
});

describe("sending", () => {
  test("the bubble becomes the message: it is shown once and keeps its key", async () => {
    const { server, messaging, shown } = await setUp("7");
    await messaging.greet();
    messaging.thread("7");
    await settle();
    messaging.send("7", "hello");
    const clientId = messaging.outbox.items.get()[0]?.client_id;
    await settle();
    expect(shown("7")).toEqual([1, 2, 3]);
    expect(messaging.thread("7").state.get().messages.at(-1)?.client_id).toBe(clientId);
    expect(messaging.outbox.items.get()).toEqual([]);
    server.push("message.created", { message: server.history.get("7")?.at(-1) });
    expect(shown("7")).toEqual([1, 2, 3]);
  });

  test("a message whose place is not clear yet stays in the outbox as sent", async () => {
    const { server, messaging, shown } = await setUp("7");
    await messaging.greet();
    messaging.thread("7");
    await settle();
    server.write("7"); // the other one's message before it is still on its way
    messaging.send("7", "hello");
    await settle();
    expect(shown("7")).toEqual([1, 2]);
    expect(messaging.outbox.items.get().map((item) => item.state)).toEqual(["sent"]);
    await vi.advanceTimersByTimeAsync(150);
    expect(shown("7")).toEqual([1, 2, 3, 4]);
    expect(messaging.outbox.items.get()).toEqual([]);
  });
});

describe("read marks and typing", () => {
  test("reading shows at once and is told once, a moment later", async () => {
    const { server, messaging, row } = await setUp("7");
    await messaging.greet();
    await messaging.inbox.load();
    messaging.markRead("7", 1);
    messaging.markRead("7", 2);
    messaging.markRead("7", 2);
    expect(row("7")?.unread_count).toBe(0);
    await vi.advanceTimersByTimeAsync(300);
    expect(server.asked.filter((q) => q.startsWith("read.mark"))).toEqual(["read.mark 7 2"]);
  });

  test("without a socket the mark goes over HTTP", async () => {
    const { server, messaging } = await setUp("7");
    await messaging.inbox.load();
    server.state.set("waiting");
    messaging.markRead("7", 2);
    await vi.advanceTimersByTimeAsync(300);
    expect(server.asked.at(-1)).toBe("http read 7 2");
  });

  test("marks never go back, whoever sets them", async () => {
    const { server, messaging, row } = await setUp("7");
    await messaging.greet();
    await messaging.inbox.load();
    server.push("read.updated", { conversation_id: "7", user_id: "2", seq: 2 });
    server.push("read.updated", { conversation_id: "7", user_id: "2", seq: 1 });
    expect(row("7")?.members.find((m) => m.user.id === "2")?.read_seq).toBe(2);
    server.push("read.updated", { conversation_id: "7", user_id: ME, seq: 2 });
    server.push("read.updated", { conversation_id: "7", user_id: ME, seq: 1 });
    expect(row("7")).toMatchObject({ unread_count: 0, my: { read_seq: 2 } });
  });

  test("typing is shown for 6 s, and ends with the message", async () => {
    const { server, messaging } = await setUp("7");
    await messaging.greet();
    const typing = () => messaging.typing.get().get("7");
    const push = () => server.push("typing", { conversation_id: "7", user_id: "2", typing: true });
    push();
    await vi.advanceTimersByTimeAsync(5999);
    expect(typing()).toEqual(["2"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(typing()).toEqual([]);
    push();
    server.write("7", { push: true });
    expect(typing()).toEqual([]);
  });

  test("typing is told at most every 3 s", async () => {
    const { server, messaging } = await setUp("7");
    await messaging.greet();
    for (let i = 0; i < 10; i += 1) {
      messaging.typing.begin("7");
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(server.asked.filter((q) => q === "typing.start").length).toBe(2);
  });
});

test("after sign-out nothing of the person is left", async () => {
  const { messaging } = await setUp("7");
  await messaging.greet();
  await messaging.inbox.load();
  messaging.send("7", "hello");
  messaging.stop();
  expect(messaging.inbox.get().conversations).toEqual([]);
  expect(messaging.outbox.items.get()).toEqual([]);
  expect(messaging.typing.get().size).toBe(0);
});
