import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, offline } from "@/api/problem";
import type { Conversation, Message } from "@/api/types";
import { conversation, message, messages } from "./testing";
import { Thread } from "./thread";

/** A server that holds one conversation; every message is at the revision it last changed. */
class Server {
  readonly all: Message[] = [];
  readonly asked: string[] = [];
  rev = 0;
  pageSize = 40;
  changesSize = 50;
  isDown = false;

  constructor(count: number) {
    for (let seq = 1; seq <= count; seq += 1) this.write();
  }

  write(): Message {
    this.rev += 1;
    const written = message(this.all.length + 1, { rev: this.rev });
    this.all.push(written);
    return written;
  }

  edit(seq: number, body: string): Message {
    this.rev += 1;
    const edited = { ...(this.all[seq - 1] as Message), body, rev: this.rev };
    this.all[seq - 1] = edited;
    return edited;
  }

  get state(): Conversation {
    return conversation(this.all.length, { rev: this.rev });
  }

  #check() {
    if (this.isDown) throw offline();
  }

  readonly api = {
    conversation: async () => {
      this.asked.push("conversation");
      this.#check();
      return this.state;
    },
    history: async (_id: string, query: { before_seq?: number; limit: number }) => {
      this.asked.push(`history ${query.before_seq ?? "end"}`);
      this.#check();
      const end = (query.before_seq ?? this.all.length + 1) - 1;
      const results = this.all.slice(Math.max(0, end - this.pageSize), end);
      return { results, next: null, previous: null };
    },
    changes: async (_id: string, afterRev: number) => {
      this.asked.push(`changes ${afterRev}`);
      this.#check();
      const changed = this.all.filter((m) => m.rev > afterRev).sort((a, b) => a.rev - b.rev);
      const results = changed.slice(0, this.changesSize);
      const hasMore = changed.length > results.length;
      const rev = hasMore ? (results.at(-1)?.rev ?? 0) : this.rev;
      return { results, conversation: this.state, rev, has_more: hasMore };
    },
  };
}

function open(server: Server) {
  const told: Conversation[] = [];
  const thread = new Thread({
    id: "7",
    api: server.api as never,
    onConversation: (now) => told.push(now),
  });
  const seqs = () => thread.state.get().messages.map((m) => m.seq);
  return { thread, told, seqs };
}

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("Thread", () => {
  test("reads the newest page and knows that there is more above", async () => {
    const server = new Server(100);
    const { thread, seqs } = open(server);
    await thread.load();
    expect(seqs()).toEqual(range(61, 100));
    expect(thread.state.get()).toMatchObject({ status: "ready", hasOlder: true });
  });

  test("older pages are put above until the history begins", async () => {
    const server = new Server(50);
    const { thread, seqs } = open(server);
    await thread.load();
    await thread.loadOlder();
    expect(seqs()).toEqual(range(1, 50));
    expect(thread.state.get().hasOlder).toBe(false);
    await thread.loadOlder();
    expect(server.asked.filter((q) => q.startsWith("history"))).toEqual([
      "history end",
      "history 11",
    ]);
  });

  test("the very next change is shown at once and nothing is asked", async () => {
    const server = new Server(3);
    const { thread, seqs } = open(server);
    await thread.load();
    thread.receive(server.write());
    expect(seqs()).toEqual([1, 2, 3, 4]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.asked).toEqual(["conversation", "history end"]);
  });

  test("the same message twice is shown once", async () => {
    const server = new Server(3);
    const { thread, seqs } = open(server);
    await thread.load();
    const written = server.write();
    thread.receive(written);
    thread.receive(written);
    expect(seqs()).toEqual([1, 2, 3, 4]);
  });

  test("messages that overtake each other within 150 ms are shown in order, without asking", async () => {
    const server = new Server(1);
    const { thread, seqs } = open(server);
    await thread.load();
    const [second, third] = [server.write(), server.write()];
    thread.receive(third);
    expect(seqs()).toEqual([1]);
    await vi.advanceTimersByTimeAsync(149);
    thread.receive(second);
    expect(seqs()).toEqual([1, 2, 3]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.asked).not.toContain("changes 1");
  });

  test("a gap that stays is read after 150 ms", async () => {
    const server = new Server(1);
    const { thread, seqs, told } = open(server);
    await thread.load();
    server.write();
    server.write();
    thread.receive(server.write());
    await vi.advanceTimersByTimeAsync(150);
    expect(server.asked.at(-1)).toBe("changes 1");
    expect(seqs()).toEqual([1, 2, 3, 4]);
    expect(told.at(-1)?.last_seq).toBe(4);
  });

  test("a missed edit of an old message is a gap as well", async () => {
    const server = new Server(3);
    const { thread } = open(server);
    await thread.load();
    server.edit(2, "changed");
    thread.receive(server.write());
    await vi.advanceTimersByTimeAsync(150);
    expect(thread.state.get().messages.map((m) => m.body)).toEqual([
      "message 1",
      "changed",
      "message 3",
      "message 4",
    ]);
  });

  test("an edit that comes live replaces the message", async () => {
    const server = new Server(3);
    const { thread, seqs } = open(server);
    await thread.load();
    thread.receive(server.edit(1, "changed"));
    expect(seqs()).toEqual([1, 2, 3]);
    expect(thread.state.get().messages[0]?.body).toBe("changed");
  });

  test("an edit of a message above the loaded ones is not shown out of its place", async () => {
    const server = new Server(100);
    const { thread, seqs } = open(server);
    await thread.load();
    thread.receive(server.edit(2, "changed"));
    expect(seqs()).toEqual(range(61, 100));
    thread.receive(server.write());
    expect(seqs()).toEqual(range(61, 101));
  });

  test("what comes while the first page is read is shown after it, once", async () => {
    const server = new Server(2);
    const { thread, seqs } = open(server);
    const loading = thread.load();
    await settle();
    thread.receive(server.write());
    await loading;
    await vi.advanceTimersByTimeAsync(1000);
    expect(seqs()).toEqual([1, 2, 3]);
  });

  test("catching up reads on until nothing is left", async () => {
    const server = new Server(5);
    server.changesSize = 10;
    const { thread, seqs } = open(server);
    await thread.load();
    for (let i = 0; i < 35; i += 1) server.write();
    await thread.catchUp();
    expect(seqs()).toEqual(range(1, 40));
    expect(server.asked.filter((q) => q.startsWith("changes"))).toEqual([
      "changes 5",
      "changes 15",
      "changes 25",
      "changes 35",
    ]);
  });

  test("far behind, the newest page is read anew instead of everything between", async () => {
    const server = new Server(5);
    const { thread, seqs } = open(server);
    await thread.load();
    for (let i = 0; i < 1000; i += 1) server.write();
    await thread.catchUp();
    expect(seqs()).toEqual(range(966, 1005));
  });

  test("two calls at the same time read once, and once more for what came meanwhile", async () => {
    const server = new Server(1);
    const { thread, seqs } = open(server);
    await thread.load();
    server.write();
    const both = Promise.all([thread.catchUp(), thread.catchUp()]);
    await both;
    await settle();
    expect(seqs()).toEqual([1, 2]);
    expect(server.asked.filter((q) => q.startsWith("changes"))).toEqual(["changes 1", "changes 2"]);
  });

  test("a call while the first page is read is not lost", async () => {
    const server = new Server(1);
    const { thread, seqs } = open(server);
    const loading = thread.load();
    const catching = thread.catchUp();
    server.write();
    await Promise.all([loading, catching]);
    await settle();
    expect(server.asked.some((q) => q.startsWith("changes"))).toBe(true);
    expect(seqs()).toEqual([1, 2]);
  });

  test("when reading fails the error is thrown, and the next call gets everything", async () => {
    const server = new Server(1);
    const { thread, seqs } = open(server);
    await thread.load();
    server.write();
    server.isDown = true;
    await expect(thread.catchUp()).rejects.toBeInstanceOf(ApiError);
    server.isDown = false;
    await thread.catchUp();
    expect(seqs()).toEqual([1, 2]);
  });

  test("a first page that failed is read by the next catching up", async () => {
    const server = new Server(2);
    server.isDown = true;
    const { thread, seqs } = open(server);
    await thread.load();
    expect(thread.state.get().status).toBe("failed");
    server.isDown = false;
    await thread.catchUp();
    expect(seqs()).toEqual([1, 2]);
  });

  test("ten thousand events in any order, doubled and dropped, end as the server has them", async () => {
    const server = new Server(1);
    const { thread, seqs } = open(server);
    await thread.load();
    let seed = 7;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const pipe: Message[] = [];
    for (let i = 0; i < 2000; i += 1) {
      const event =
        random() < 0.8
          ? server.write()
          : server.edit(1 + Math.floor(random() * server.all.length), `edit ${i}`);
      if (random() < 0.9) pipe.push(event);
      if (random() < 0.2) pipe.push(event);
      while (pipe.length > 0 && random() < 0.7) {
        const [next] = pipe.splice(Math.floor(random() * Math.min(4, pipe.length)), 1);
        if (next) thread.receive(next);
      }
      if (random() < 0.02) await vi.advanceTimersByTimeAsync(200);
      const shown = seqs();
      const first = shown[0] ?? 0;
      expect(shown.at(-1)).toBe(first + shown.length - 1);
    }
    for (const event of pipe) thread.receive(event);
    await vi.advanceTimersByTimeAsync(1000);
    await thread.catchUp();
    const shown = thread.state.get().messages;
    expect(shown).toEqual(server.all.slice(server.all.length - shown.length));
  });
});

test("messages() makes what its name says", () => {
  expect(messages(2, 4).map((m) => m.seq)).toEqual([2, 3, 4]);
});
