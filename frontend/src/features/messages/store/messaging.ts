// Everything live about messages: the inbox, open threads, the outbox, typing, and what a reconnect has to read.
import { ApiError } from "@/api/problem";
import type { MessagesApi } from "@/api/queries/messages";
import type { Message } from "@/api/types";
import type { Data, RealtimeSocket } from "@/lib/realtime/socket";
import { uuid } from "@/lib/uuid";
import { Inbox, type InboxOptions } from "./inbox";
import { Outbox, type OutboxStorage } from "./outbox";
import { Thread } from "./thread";
import { Typing } from "./typing";

export interface MessagingOptions {
  readonly socket: Pick<RealtimeSocket, "request" | "state" | "on">;
  readonly api: MessagesApi;
  readonly storage: OutboxStorage;
  readonly cursorOf: InboxOptions["cursorOf"];
  readonly random?: () => number;
}

const READ_PAUSE_MS = 300;
const RESYNC_SPREAD_MS = 2000;
const RESUME_AGAIN_MS = 2000;
const POLL_MS = 20_000;
const AT_ONCE = 6;
/** More changed conversations than this, and the inbox is read anew. */
const MANY_CHANGED = 60;

interface Changed {
  readonly conversation_id: string;
  readonly last_seq: number;
  readonly rev: number;
}

export class Messaging {
  readonly inbox: Inbox;
  readonly typing: Typing;
  readonly outbox: Outbox;
  readonly #options: MessagingOptions;
  readonly #threads = new Map<string, Thread>();
  readonly #readTimers = new Map<string, ReturnType<typeof setTimeout>>();
  #me: string | null = null;
  #version: number | null = null;
  /** The conversation that was looked at last. */
  #latest: string | null = null;
  #pollTimer: ReturnType<typeof setInterval> | undefined;
  #resumeTimer: ReturnType<typeof setTimeout> | undefined;
  #wasLiveAt = 0;

  constructor(options: MessagingOptions) {
    this.#options = options;
    this.inbox = new Inbox(options);
    this.typing = new Typing(options.socket);
    this.outbox = new Outbox({
      socket: options.socket,
      api: options.api,
      storage: options.storage,
      onSent: (message) => this.#arrived(message),
    });
    this.#listen();
  }

  start(userId: string): void {
    this.#me = userId;
    void this.outbox.start(userId);
    this.#pollTimer = setInterval(() => void this.#poll(), POLL_MS);
  }

  /** Forgets everything of this person but what the outbox keeps for the next visit. */
  stop(): void {
    this.#me = null;
    this.#version = null;
    this.#latest = null;
    clearInterval(this.#pollTimer);
    clearTimeout(this.#resumeTimer);
    for (const timer of this.#readTimers.values()) clearTimeout(timer);
    this.#readTimers.clear();
    for (const thread of this.#threads.values()) thread.close();
    this.#threads.clear();
    this.outbox.stop();
    this.inbox.clear();
    this.typing.clear();
  }

  // -- Connection -------------------------------------------------------------------------------

  /** The greeting of a new connection: says how far this client is, and reads what it missed. Returns the badges. */
  async greet(): Promise<Data> {
    const { socket } = this.#options;
    if (this.#version !== null) return this.#resume(this.#latest);
    const answer = await socket.request("hello", { client: "web" });
    this.#version = Number(answer.inbox_version);
    // What was read before the greeting may be older than the version just learnt.
    if (this.inbox.get().status !== "empty") void this.inbox.load();
    void this.#catchUpThreads();
    this.outbox.wake();
    return (answer.badges ?? {}) as Data;
  }

  /** The answer to a heartbeat: another version means that something was missed, or done elsewhere. */
  heartbeat(answer: Data): void {
    if (this.#version === null || Number(answer.inbox_version) === this.#version) return;
    void this.#resume().catch(() => undefined);
  }

  /** Reads what changed, and `also` this conversation: how far others have read has no revision. */
  async #resume(also: string | null = null): Promise<Data> {
    const answer = await this.#options.socket.request("resume", {
      client: "web",
      inbox_version: this.#version,
    });
    const changed = (answer.changed ?? []) as Changed[];
    // Not awaited: the greeting is done, and reading may take a while. Until it has succeeded
    // the version stays, and what could not be read is asked for again.
    const ids = new Set(changed.map((entry) => entry.conversation_id));
    if (also !== null) ids.add(also);
    void this.#readChanged([...ids]).then((isComplete) => {
      if (isComplete) this.#version = Number(answer.inbox_version);
      else this.#resumeLater();
    });
    this.outbox.wake();
    return (answer.badges ?? {}) as Data;
  }

  #resumeLater(): void {
    clearTimeout(this.#resumeTimer);
    this.#resumeTimer = setTimeout(() => {
      if (this.#options.socket.state.get() === "live") void this.#resume().catch(() => undefined);
    }, RESUME_AGAIN_MS);
  }

  async #readChanged(ids: string[]): Promise<boolean> {
    if (ids.length > MANY_CHANGED) {
      const [inbox, threads] = await Promise.all([this.inbox.load(), this.#catchUpThreads()]);
      return inbox && threads;
    }
    return this.#each(ids, (id) => this.#refresh(id));
  }

  #catchUpThreads(): Promise<boolean> {
    return this.#each([...this.#threads.keys()], (id) => this.#refresh(id));
  }

  /** Runs over ids, a few at a time; true when all went well. */
  async #each(ids: string[], work: (id: string) => Promise<void>): Promise<boolean> {
    let isComplete = true;
    const queue = [...ids];
    const worker = async () => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
        await work(id).catch(() => {
          isComplete = false;
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return isComplete;
  }

  /** Brings one conversation up to date: its thread when it is open, else its row in the inbox. */
  async #refresh(id: string): Promise<void> {
    const thread = this.#threads.get(id);
    try {
      if (thread) await thread.catchUp();
      else if (this.inbox.get().status !== "empty") await this.inbox.read(id);
    } catch (error) {
      if (!(error instanceof ApiError && error.isNotFound)) throw error;
      this.#gone(id);
    }
  }

  /** Not there for this person any more: out of the list, and whoever looks at it is told. */
  #gone(id: string): void {
    this.inbox.drop(id);
    void this.#threads.get(id)?.load();
  }

  /** Without a socket the pages are read again now and then. */
  async #poll(): Promise<void> {
    const state = this.#options.socket.state.get();
    const now = Date.now();
    if (state === "live") this.#wasLiveAt = now;
    // Where sockets are blocked, a new one may be opening whenever one looks.
    const isBack = state === "connecting" && now - this.#wasLiveAt < POLL_MS * 2;
    if (state === "live" || isBack || document.hidden) return;
    if (this.inbox.get().status === "ready") await this.inbox.load();
    await this.#catchUpThreads();
  }

  // -- Threads ----------------------------------------------------------------------------------

  /** The thread of a conversation, read when it is asked for first. */
  thread(id: string): Thread {
    this.#latest = id;
    const known = this.#threads.get(id);
    if (known) return known;
    const thread = new Thread({
      id,
      api: this.#options.api,
      onConversation: (conversation) => this.inbox.keep(conversation),
    });
    this.#threads.set(id, thread);
    thread.state.subscribe(() => this.#clearShown(thread));
    void thread.load();
    return thread;
  }

  /** A message on the screen needs no place in the outbox. */
  #clearShown(thread: Thread): void {
    const mine = new Set(this.outbox.items.get().map((item) => item.client_id));
    if (mine.size === 0) return;
    for (const message of thread.state.get().messages) {
      if (message.client_id && mine.has(message.client_id)) this.outbox.shown(message.client_id);
    }
  }

  send(conversationId: string, body: string, replyToSeq: number | null = null): void {
    this.typing.sent(conversationId);
    this.outbox.add({
      client_id: uuid(),
      conversation_id: conversationId,
      body,
      reply_to_seq: replyToSeq,
    });
  }

  /** A message that is known to be written: acknowledged, or told live. */
  #arrived(message: Message): void {
    const id = message.conversation_id;
    const thread = this.#threads.get(id);
    thread?.receive(message);
    if (!thread && message.client_id) this.outbox.shown(message.client_id);
    const known = this.inbox.find(id);
    if (!known) {
      if (this.inbox.get().status === "ready") void this.inbox.read(id).catch(() => undefined);
      return;
    }
    if (message.seq <= known.last_seq) return;
    this.inbox.add(message);
    // Whoever writes has read what stands above.
    if (message.sender) this.#readBy(id, message.sender.id, message.seq);
  }

  // -- Read marks -------------------------------------------------------------------------------

  /** Everything up to `seq` has been seen: shown at once, told a moment later. */
  markRead(id: string, seq: number): void {
    const conversation = this.inbox.find(id);
    if (!conversation || conversation.my.read_seq >= seq) return;
    this.#readBy(id, this.#me, seq);
    clearTimeout(this.#readTimers.get(id));
    this.#readTimers.set(
      id,
      setTimeout(() => void this.#tellRead(id, seq).catch(() => undefined), READ_PAUSE_MS),
    );
  }

  async #tellRead(id: string, seq: number): Promise<void> {
    const { socket, api } = this.#options;
    if (socket.state.get() === "live") {
      await socket.request("read.mark", { conversation_id: id, seq });
    } else {
      await api.markRead(id, seq);
    }
  }

  #readBy(id: string, userId: string | null, seq: number): void {
    this.inbox.mark(id, userId, seq, userId === this.#me);
  }

  // -- What the server tells ----------------------------------------------------------------------

  #listen(): void {
    const { socket, random = Math.random } = this.#options;

    socket.on("message.created", (data) => {
      const message = data.message as Message;
      if (message.sender) this.typing.show(message.conversation_id, message.sender.id, false);
      this.#arrived(message);
    });
    for (const type of ["message.updated", "message.deleted", "reaction.updated"]) {
      socket.on(type, (data) => this.#changed(data));
    }
    socket.on("conversation.created", (data) => this.#reread(data));
    socket.on("conversation.updated", (data) => this.#reread(data));
    socket.on("conversation.removed", (data) => this.#gone(String(data.conversation_id)));
    socket.on("read.updated", (data) =>
      this.#readBy(String(data.conversation_id), String(data.user_id), Number(data.seq)),
    );
    socket.on("typing", (data) =>
      this.typing.show(String(data.conversation_id), String(data.user_id), data.typing !== false),
    );
    socket.on("resync", () => {
      if (this.#version === null) return;
      // Everybody was told at once: do not come all together.
      const read = () => void this.#resume(this.#latest).catch(() => undefined);
      setTimeout(read, random() * RESYNC_SPREAD_MS);
    });
  }

  /** A message was edited, unsent or reacted to: applied when it came along, else read. */
  #changed(data: Data): void {
    const message = data.message as Message | undefined;
    if (message) this.#threads.get(message.conversation_id)?.receive(message);
    else
      void this.#threads
        .get(String(data.conversation_id))
        ?.catchUp()
        .catch(() => undefined);
  }

  #reread(data: Data): void {
    void this.#refresh(String(data.conversation_id)).catch(() => undefined);
  }
}
