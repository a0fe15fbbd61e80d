import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CommandError, ConnectionLostError, RealtimeSocket, type Wire } from "./socket";

class FakeWire implements Wire {
  onopen: Wire["onopen"] = null;
  onmessage: Wire["onmessage"] = null;
  onclose: Wire["onclose"] = null;
  readonly sent: { t: string; id: string; d: Record<string, unknown> }[] = [];
  isClosed = false;

  send(text: string) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.isClosed = true;
  }

  say(envelope: object) {
    this.onmessage?.({ data: JSON.stringify(envelope) });
  }

  ack(index: number, d: object = {}) {
    this.say({ t: "ack", re: this.sent[index]?.id, d });
  }
}

function setUp(options: { tickets?: (string | null | Error)[]; random?: number } = {}) {
  const wires: FakeWire[] = [];
  const heartbeats: object[] = [];
  const tickets = [...(options.tickets ?? [])];
  const socket: RealtimeSocket = new RealtimeSocket({
    ticket: async () => {
      const next = tickets.length > 0 ? tickets.shift() : "ticket";
      if (next instanceof Error) throw next;
      return next ?? null;
    },
    connect: () => {
      const wire = new FakeWire();
      wires.push(wire);
      return wire;
    },
    greet: async () => {
      await socket.request("hello");
    },
    onHeartbeat: (data) => heartbeats.push(data),
    random: () => options.random ?? 0.5,
  });
  return { socket, wires, heartbeats };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

async function goLive(set: ReturnType<typeof setUp>): Promise<FakeWire> {
  set.socket.start();
  await settle();
  const wire = set.wires.at(-1) as FakeWire;
  wire.onopen?.();
  wire.ack(0);
  await settle();
  return wire;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("RealtimeSocket", () => {
  test("is live only after the greeting was answered", async () => {
    const set = setUp();
    set.socket.start();
    await settle();
    set.wires[0]?.onopen?.();
    expect(set.socket.state.get()).toBe("connecting");
    expect(set.wires[0]?.sent.map((frame) => frame.t)).toEqual(["hello"]);
    set.wires[0]?.ack(0);
    await settle();
    expect(set.socket.state.get()).toBe("live");
  });

  test("gives each answer to its own command, in whatever order they come", async () => {
    const set = setUp();
    const wire = await goLive(set);
    const first = set.socket.request("read.mark");
    const second = set.socket.request("typing.start");
    wire.ack(2, { n: 2 });
    wire.ack(1, { n: 1 });
    expect(await first).toEqual({ n: 1 });
    expect(await second).toEqual({ n: 2 });
  });

  test("an error frame rejects with its code and when to try again", async () => {
    const set = setUp();
    const wire = await goLive(set);
    const answer = set.socket.request("message.send");
    wire.say({
      t: "error",
      re: wire.sent[1]?.id,
      d: { code: "rate_limited", message: "Slow down.", retry_after: 3 },
    });
    await expect(answer).rejects.toEqual(new CommandError("rate_limited", "Slow down.", 3));
  });

  test("a lost connection rejects what waits and is tried again after a jittered pause", async () => {
    const set = setUp();
    const wire = await goLive(set);
    const answer = set.socket.request("message.send");
    const rejected = expect(answer).rejects.toBeInstanceOf(ConnectionLostError);
    wire.onclose?.({ code: 1006 });
    await rejected;
    expect(set.socket.state.get()).toBe("waiting");
    await vi.advanceTimersByTimeAsync(249);
    expect(set.wires.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(set.wires.length).toBe(2);
  });

  test("the pause doubles from failure to failure and never passes half a minute", async () => {
    const set = setUp({
      tickets: Array.from({ length: 10 }, () => new Error("offline")),
      random: 1,
    });
    set.socket.start();
    const pauses: number[] = [];
    for (let i = 0; i < 9; i += 1) {
      await settle();
      const before = Date.now();
      await vi.advanceTimersToNextTimerAsync();
      pauses.push(Date.now() - before);
    }
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test("after a restart of the server the pause is anything up to 5 s", async () => {
    const set = setUp({ random: 0.9 });
    const wire = await goLive(set);
    wire.onclose?.({ code: 1012 });
    await vi.advanceTimersByTimeAsync(4499);
    expect(set.wires.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(set.wires.length).toBe(2);
  });

  test("a server that restarts says within what time to come back, for this once", async () => {
    const set = setUp({ random: 0.9 });
    const wire = await goLive(set);
    wire.say({ t: "server.restarting", d: { retry_within_s: 2 } });
    expect(set.socket.state.get()).toBe("live");
    wire.onclose?.({ code: 1012 });
    await vi.advanceTimersByTimeAsync(1799);
    expect(set.wires.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(set.wires.length).toBe(2);
    set.wires[1]?.onclose?.({ code: 1012 });
    await vi.advanceTimersByTimeAsync(4499);
    expect(set.wires.length).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(set.wires.length).toBe(3);
  });

  test.each([
    [600, 9000],
    [-1, 4500],
    ["soon", 4500],
    [null, 4500],
  ])(
    "whatever a restarting server says (%s), the first try comes within 10 s",
    async (said, at) => {
      const set = setUp({ random: 0.9 });
      const wire = await goLive(set);
      wire.say({ t: "server.restarting", d: { retry_within_s: said } });
      wire.onclose?.({ code: 1012 });
      await vi.advanceTimersByTimeAsync(at - 1);
      expect(set.wires.length).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(set.wires.length).toBe(2);
    },
  );

  test("what it asked before the restart is answered between the notice and the close", async () => {
    const set = setUp();
    const wire = await goLive(set);
    const answer = set.socket.request("message.send");
    wire.say({ t: "server.restarting", d: { retry_within_s: 5 } });
    wire.ack(1, { seq: 7 });
    expect(await answer).toEqual({ seq: 7 });
  });

  test("a suspended person and an ended session are not tried again", async () => {
    const suspended = setUp();
    const wire = await goLive(suspended);
    wire.onclose?.({ code: 4403 });
    const over = setUp({ tickets: [null] });
    over.socket.start();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(suspended.socket.state.get()).toBe("ended");
    expect(suspended.wires.length).toBe(1);
    expect(over.socket.state.get()).toBe("ended");
    expect(over.wires.length).toBe(0);
  });

  test("pings every 25 s and hands the answer on", async () => {
    const set = setUp();
    const wire = await goLive(set);
    await vi.advanceTimersByTimeAsync(25_000);
    expect(wire.sent.at(-1)?.t).toBe("ping");
    wire.ack(wire.sent.length - 1, { inbox_version: 7 });
    await settle();
    expect(set.heartbeats).toEqual([{ inbox_version: 7 }]);
  });

  test("a ping without an answer for 10 s means that the connection is dead", async () => {
    const set = setUp();
    const wire = await goLive(set);
    await vi.advanceTimersByTimeAsync(35_000);
    expect(wire.isClosed).toBe(true);
    expect(set.socket.state.get()).toBe("waiting");
  });

  test("waking up tries at once instead of waiting", async () => {
    const set = setUp({ tickets: [new Error("offline")], random: 1 });
    set.socket.start();
    await settle();
    expect(set.socket.state.get()).toBe("waiting");
    set.socket.wake();
    await settle();
    expect(set.wires.length).toBe(1);
  });

  test("a connection that never opens is given up after 10 s", async () => {
    const set = setUp({ random: 0 });
    set.socket.start();
    await settle();
    await vi.advanceTimersByTimeAsync(10_001);
    expect(set.wires[0]?.isClosed).toBe(true);
    expect(set.wires.length).toBe(2);
  });

  test("an access about to expire is renewed by a new ticket", async () => {
    const set = setUp({ tickets: ["first", "second"] });
    const wire = await goLive(set);
    wire.say({ t: "auth.expiring", d: {} });
    await settle();
    expect(wire.sent.at(-1)).toMatchObject({ t: "auth.refresh", d: { ticket: "second" } });
  });

  test("stopping closes, and nothing is tried afterwards", async () => {
    const set = setUp();
    const wire = await goLive(set);
    set.socket.stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(wire.isClosed).toBe(true);
    expect(set.wires.length).toBe(1);
    expect(set.socket.state.get()).toBe("idle");
  });
});
