// One WebSocket per tab (API.md section 4): tickets, commands with answers, heartbeat, and reconnecting for ever.
// It knows nothing of messages: whoever uses it listens to envelopes and greets after each connect.
import { Store } from "@/lib/store";

/** `live` is after the greeting; `waiting` until the next try; `ended` for good. */
export type SocketState = "idle" | "connecting" | "live" | "waiting" | "ended";

export type Data = Record<string, unknown>;

/** The server refused a command. */
export class CommandError extends Error {
  override readonly name = "CommandError";

  constructor(
    readonly code: string,
    message: string,
    readonly retryAfterS: number | null,
  ) {
    super(message);
  }
}

/** No answer came: the connection is gone or too slow. Whether the command was carried out is not known. */
export class ConnectionLostError extends Error {
  override readonly name = "ConnectionLostError";
}

/** What is used of the browser's WebSocket. */
export interface Wire {
  onopen: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

export interface SocketOptions {
  /** A fresh single-use ticket. Throws when there is none now; null when the session is over. */
  readonly ticket: () => Promise<string | null>;
  readonly connect: (ticket: string) => Wire;
  /** Says hello on a new connection; the socket is live when it is done. */
  readonly greet: () => Promise<void>;
  /** The answer to a heartbeat. */
  readonly onHeartbeat?: (data: Data) => void;
  /** 0 to 1; tests give their own. */
  readonly random?: () => number;
}

interface Waiting {
  readonly resolve: (data: Data) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

type Listener = (data: Data) => void;

const CONNECT_MS = 10_000;
const ANSWER_MS = 10_000;
const PING_MS = 25_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const RESTART_SPREAD_MS = 5000;
const LONGEST_RESTART_SPREAD_MS = 10_000;
const CLOSE = { goingAway: 1001, restart: 1012, suspended: 4403, tooMany: 4409, tooFast: 4429 };

export class RealtimeSocket {
  readonly state = new Store<SocketState>("idle");
  readonly #options: SocketOptions;
  readonly #random: () => number;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #waiting = new Map<string, Waiting>();
  #wire: Wire | null = null;
  #commands = 0;
  #failures = 0;
  #restartSpreadMs = RESTART_SPREAD_MS;
  #pauseTimer: ReturnType<typeof setTimeout> | undefined;
  #pingTimer: ReturnType<typeof setTimeout> | undefined;
  #connectTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.on("auth.expiring", () => void this.#renew());
    this.on("server.restarting", (data) => this.#expectRestart(data));
  }

  start(): void {
    if (this.state.get() === "idle") void this.#open();
  }

  /** Closes and forgets; `start` begins anew. */
  stop(): void {
    this.#drop();
    clearTimeout(this.#pauseTimer);
    this.#failures = 0;
    this.state.set("idle");
  }

  /** The network or the person came back: try at once, or see whether the connection still lives. */
  wake(): void {
    if (this.state.get() === "waiting") {
      clearTimeout(this.#pauseTimer);
      void this.#open();
    } else if (this.state.get() === "live") {
      this.#schedulePing(0);
    }
  }

  /** Listens to one type of envelope; returns how to stop. */
  on(type: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Sends a command and waits for its one answer. Throws CommandError or ConnectionLostError. */
  request(type: string, data: Data = {}, timeoutMs = ANSWER_MS): Promise<Data> {
    const wire = this.#wire;
    if (!wire) return Promise.reject(new ConnectionLostError());
    this.#commands += 1;
    const id = `c${this.#commands}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new ConnectionLostError());
      }, timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
      wire.send(JSON.stringify({ t: type, id, d: data }));
    });
  }

  async #open(): Promise<void> {
    this.state.set("connecting");
    let ticket: string | null;
    try {
      ticket = await this.#options.ticket();
    } catch {
      if (this.state.get() === "connecting") this.#pause(this.#backOff());
      return;
    }
    if (this.state.get() !== "connecting") return; // stopped meanwhile
    if (ticket === null) {
      this.state.set("ended");
      return;
    }
    const wire = this.#options.connect(ticket);
    this.#wire = wire;
    this.#restartSpreadMs = RESTART_SPREAD_MS;
    this.#connectTimer = setTimeout(() => this.#lost(0), CONNECT_MS);
    wire.onopen = () => void this.#greet(wire);
    wire.onmessage = (event) => this.#receive(event.data);
    wire.onclose = (event) => {
      if (this.#wire === wire) this.#lost(event.code);
    };
  }

  async #greet(wire: Wire): Promise<void> {
    try {
      await this.#options.greet();
    } catch {
      if (this.#wire === wire) this.#lost(0);
      return;
    }
    if (this.#wire !== wire) return;
    clearTimeout(this.#connectTimer);
    this.#failures = 0;
    this.state.set("live");
    this.#schedulePing(PING_MS);
  }

  #receive(text: string): void {
    const envelope = parsed(text);
    if (!envelope) return;
    const { t: type, re, d: data = {} } = envelope;
    if (type === "ack" || type === "error") this.#answered(String(re), type, data);
    else for (const listener of this.#listeners.get(type) ?? []) listener(data);
  }

  #answered(id: string, type: "ack" | "error", data: Data): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    if (type === "ack") {
      waiting.resolve(data);
    } else {
      const retry = typeof data.retry_after === "number" ? data.retry_after : null;
      waiting.reject(new CommandError(String(data.code), String(data.message), retry));
    }
  }

  #schedulePing(afterMs: number): void {
    clearTimeout(this.#pingTimer);
    this.#pingTimer = setTimeout(async () => {
      const wire = this.#wire;
      try {
        const answer = await this.request("ping");
        if (this.#wire !== wire) return;
        this.#schedulePing(PING_MS);
        this.#options.onHeartbeat?.(answer);
      } catch (error) {
        if (this.#wire !== wire) return;
        if (error instanceof CommandError) this.#schedulePing(PING_MS);
        else this.#lost(0); // a browser cannot see that a peer is dead: silence is the only sign
      }
    }, afterMs);
  }

  /** Goes on under a new ticket before the access behind the connection ends. */
  async #renew(): Promise<void> {
    try {
      const ticket = await this.#options.ticket();
      if (ticket) await this.request("auth.refresh", { ticket });
    } catch {
      // The server will close the connection, and the next one has a fresh ticket.
    }
  }

  /** The server is about to close the connection, and says within what time everybody shall be back. */
  #expectRestart({ retry_within_s: withinS }: Data): void {
    if (typeof withinS !== "number" || !(withinS >= 0)) return;
    this.#restartSpreadMs = Math.min(withinS * 1000, LONGEST_RESTART_SPREAD_MS);
  }

  #drop(): void {
    const wire = this.#wire;
    this.#wire = null;
    clearTimeout(this.#pingTimer);
    clearTimeout(this.#connectTimer);
    wire?.close();
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(new ConnectionLostError());
    }
    this.#waiting.clear();
  }

  #lost(code: number): void {
    this.#drop();
    if (code === CLOSE.suspended) this.state.set("ended");
    else this.#pause(this.#pauseAfter(code));
  }

  #pauseAfter(code: number): number {
    switch (code) {
      // Everybody is told at once that the server restarts: do not come back all together.
      case CLOSE.restart:
      case CLOSE.goingAway:
        return this.#random() * this.#restartSpreadMs;
      case CLOSE.tooMany:
      case CLOSE.tooFast:
        return LONGEST_PAUSE_MS * (1 + this.#random());
      default:
        return this.#backOff();
    }
  }

  /** Full jitter: anything up to a bound that doubles. */
  #backOff(): number {
    const bound = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
    this.#failures += 1;
    return this.#random() * bound;
  }

  #pause(ms: number): void {
    this.state.set("waiting");
    clearTimeout(this.#pauseTimer);
    this.#pauseTimer = setTimeout(() => void this.#open(), ms);
  }
}

interface Envelope {
  readonly t: string;
  readonly re?: string | null;
  readonly d?: Data;
}

function parsed(text: string): Envelope | null {
  try {
    const value: unknown = JSON.parse(text);
    const isEnvelope = typeof value === "object" && value !== null && "t" in value;
    return isEnvelope ? (value as Envelope) : null;
  } catch {
    return null;
  }
}
