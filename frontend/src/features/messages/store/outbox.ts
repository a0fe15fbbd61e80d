// Messages on their way. Each is kept until the server has acknowledged it, and sent again under the same
// client id as often as it takes: the server writes it once. In a conversation one is sent after the other.
import { ApiError } from "@/api/problem";
import type { MessagesApi } from "@/api/queries/messages";
import type { Message } from "@/api/types";
import { CommandError, type RealtimeSocket } from "@/lib/realtime/socket";
import { Store } from "@/lib/store";

export interface OutboxItem {
  readonly client_id: string;
  readonly conversation_id: string;
  readonly body: string;
  readonly reply_to_seq: number | null;
  readonly created_at: string;
  /** `waiting` for the network and tried again by itself; `failed` for good, until the person tries again. */
  readonly state: "sending" | "waiting" | "sent" | "failed";
  readonly problem: string | null;
}

/** Where the items outlive the page. */
export interface OutboxStorage {
  all(userId: string): Promise<OutboxItem[]>;
  put(userId: string, item: OutboxItem): Promise<void>;
  remove(clientId: string): Promise<void>;
}

export interface OutboxOptions {
  readonly socket: Pick<RealtimeSocket, "request" | "state">;
  readonly api: Pick<MessagesApi, "send">;
  readonly storage: OutboxStorage;
  readonly onSent: (message: Message) => void;
}

const ANSWER_MS = 8000;
const CONNECT_GRACE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;
const TRANSIENT = new Set(["rate_limited", "unavailable", "internal"]);

class WaitError extends Error {
  constructor(readonly seconds: number | null) {
    super();
  }
}

export class Outbox {
  readonly items = new Store<readonly OutboxItem[]>([]);
  readonly #options: OutboxOptions;
  readonly #running = new Set<string>();
  #userId: string | null = null;
  #wakers = new Set<() => void>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Takes up what an earlier page left, and sends it. */
  async start(userId: string): Promise<void> {
    this.#userId = userId;
    const stored = await this.#options.storage.all(userId).catch(() => []);
    if (this.#userId !== userId) return;
    const known = new Set(this.items.get().map((item) => item.client_id));
    const left = stored
      .filter((item) => !known.has(item.client_id))
      .sort((a, b) => a.created_at.localeCompare(b.created_at));
    this.items.set([...left, ...this.items.get()]);
    for (const item of left) if (item.state !== "failed") this.#pump(item.conversation_id);
  }

  /** Stops; what is kept stays for the same person's next visit. */
  stop(): void {
    this.#userId = null;
    this.items.set([]);
    this.wake();
  }

  /** The network came back: try at once. */
  wake(): void {
    const wakers = this.#wakers;
    this.#wakers = new Set();
    for (const wake of wakers) wake();
  }

  add(item: Pick<OutboxItem, "client_id" | "conversation_id" | "body" | "reply_to_seq">): void {
    const full: OutboxItem = {
      ...item,
      created_at: new Date().toISOString(),
      state: "sending",
      problem: null,
    };
    this.items.set([...this.items.get(), full]);
    this.#store(full);
    this.#pump(item.conversation_id);
  }

  retry(clientId: string): void {
    const item = this.#item(clientId);
    if (!item) return;
    this.#change(clientId, { state: "sending", problem: null });
    this.wake();
    this.#pump(item.conversation_id);
  }

  discard(clientId: string): void {
    this.#remove(clientId);
  }

  /** The message with this client id is shown by its thread: nothing is left to do. */
  shown(clientId: string): void {
    if (this.#item(clientId)) this.#remove(clientId);
  }

  #pump(conversationId: string): void {
    if (this.#running.has(conversationId)) return;
    this.#running.add(conversationId);
    void this.#run(conversationId).finally(() => this.#running.delete(conversationId));
  }

  async #run(conversationId: string): Promise<void> {
    let failures = 0;
    for (let item = this.#next(conversationId); item; item = this.#next(conversationId)) {
      const { client_id: clientId } = item;
      try {
        const message = await this.#deliver(item);
        failures = 0;
        this.#change(clientId, { state: "sent" });
        void this.#options.storage.remove(clientId).catch(() => undefined);
        this.#options.onSent(message);
      } catch (error) {
        if (!(error instanceof WaitError)) {
          const problem = error instanceof Error ? error.message : "";
          this.#change(clientId, { state: "failed", problem });
          const failed = this.#item(clientId);
          if (failed) this.#store(failed);
          continue;
        }
        failures += 1;
        this.#allWait(conversationId);
        const pause = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** (failures - 1));
        await this.#pause(error.seconds === null ? pause : error.seconds * 1000);
      }
    }
  }

  /** Those behind the first one wait with it. */
  #allWait(conversationId: string): void {
    for (const item of this.items.get()) {
      if (item.conversation_id === conversationId && item.state === "sending") {
        this.#change(item.client_id, { state: "waiting" });
      }
    }
  }

  #next(conversationId: string): OutboxItem | undefined {
    return this.items
      .get()
      .find(
        (item) =>
          item.conversation_id === conversationId &&
          (item.state === "sending" || item.state === "waiting"),
      );
  }

  /** Over the socket while it lives, else over HTTP. Throws WaitError when another try may succeed. */
  async #deliver(item: OutboxItem): Promise<Message> {
    const { socket, api } = this.#options;
    const body = {
      client_id: item.client_id,
      body: item.body,
      ...(item.reply_to_seq !== null && { reply_to_seq: item.reply_to_seq }),
    };
    try {
      if (await this.#isLive()) {
        const data = { conversation_id: item.conversation_id, ...body };
        const answer = await socket.request("message.send", data, ANSWER_MS);
        return answer.message as Message;
      }
      return await api.send(item.conversation_id, body);
    } catch (error) {
      if (error instanceof CommandError) {
        if (TRANSIENT.has(error.code)) throw new WaitError(error.retryAfterS);
        throw error;
      }
      if (error instanceof ApiError) {
        if (error.isTransient || error.status === 401) throw new WaitError(error.retryAfterS);
        throw error;
      }
      throw new WaitError(0); // the connection was lost on the way: the next try goes another way
    }
  }

  /** Whether the socket is live, after a short wait for one that connects. */
  #isLive(): Promise<boolean> {
    const { state } = this.#options.socket;
    if (state.get() !== "connecting") return Promise.resolve(state.get() === "live");
    return new Promise((resolve) => {
      const done = () => {
        if (state.get() === "connecting" && !isLate) return;
        clearTimeout(timer);
        stop();
        resolve(state.get() === "live");
      };
      let isLate = false;
      const stop = state.subscribe(done);
      const timer = setTimeout(() => {
        isLate = true;
        done();
      }, CONNECT_GRACE_MS);
    });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      const wakers = this.#wakers;
      function done() {
        clearTimeout(timer);
        wakers.delete(done);
        resolve();
      }
      wakers.add(done);
    });
  }

  #item(clientId: string): OutboxItem | undefined {
    return this.items.get().find((item) => item.client_id === clientId);
  }

  #change(clientId: string, change: Partial<OutboxItem>): void {
    this.items.set(
      this.items.get().map((item) => (item.client_id === clientId ? { ...item, ...change } : item)),
    );
  }

  #store(item: OutboxItem): void {
    if (this.#userId) void this.#options.storage.put(this.#userId, item).catch(() => undefined);
  }

  #remove(clientId: string): void {
    this.items.set(this.items.get().filter((item) => item.client_id !== clientId));
    void this.#options.storage.remove(clientId).catch(() => undefined);
  }
}
