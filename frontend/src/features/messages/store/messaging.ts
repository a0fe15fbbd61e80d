// Everything live about messages: the inbox, open threads, the outbox, typing, and what a reconnect has to read.
import { ApiError } from "@/api/problem";
import type { MessagesApi } from "@/api/queries/messages";
import type { Conversation, Message } from "@/api/types";
import type { Data, RealtimeSocket } from "@/lib/realtime/socket";
import { Store } from "@/lib/store";
import { uuid } from "@/lib/uuid";
import { Outbox, type OutboxStorage } from "./outbox";
import { Thread } from "./thread";

export interface InboxState {
  readonly status: "empty" | "loading" | "ready" | "failed";
  /** By last activity, newest first. */
  readonly conversations: readonly Conversation[];
  readonly next: string | null;
  readonly isLoadingMore: boolean;
  readonly error: unknown;
}

export interface MessagingOptions {
  readonly socket: Pick<RealtimeSocket, "request" | "state" | "on">;
  readonly api: MessagesApi;
  readonly storage: OutboxStorage;
  readonly cursorOf: (next: string | null) => string | undefined;
  readonly random?: () => number;
}

const NO_INBOX: InboxState = {
  status: "empty",
  conversations: [],
  next: null,
  isLoadingMore: false,
  error: null,
};
const TYPING_SHOWN_MS = 6000;
const TYPING_TOLD_MS = 3000;
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
  readonly inbox = new Store<InboxState>(NO_INBOX);
  /** Who is typing, by conversation. */
  readonly typing = new Store<ReadonlyMap<string, readonly string[]>>(new Map());
  readonly outbox: Outbox;
  readonly #options: MessagingOptions;
  readonly #threads = new Map<string, Thread>();
  readonly #typingTimers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #toldTyping = new Map<string, number>();
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
    for (const timers of [this.#typingTimers, this.#readTimers]) {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    }
    for (const thread of this.#threads.values()) thread.close();
    this.#threads.clear();
    this.outbox.stop();
    this.inbox.set(NO_INBOX);
    this.typing.set(new Map());
  }

  // -- Connection -------------------------------------------------------------------------------

  /** The greeting of a new connection: says how far this client is, and reads what it missed. Returns the badges. */
  async greet(): Promise<Data> {
    const { socket } = this.#options;
    if (this.#version !== null) return this.#resume(this.#latest);
    const answer = await socket.request("hello", { client: "web" });
    this.#version = Number(answer.inbox_version);
    // What was read before the greeting may be older than the version just learnt.
    if (this.inbox.get().status !== "empty") void this.loadInbox();
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
      const [inbox, threads] = await Promise.all([this.loadInbox(), this.#catchUpThreads()]);
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
      else if (this.inbox.get().status !== "empty") await this.#readConversation(id);
    } catch (error) {
      if (!(error instanceof ApiError && error.isNotFound)) throw error;
      this.#gone(id);
    }
  }

  /** Not there for this person any more: out of the list, and whoever looks at it is told. */
  #gone(id: string): void {
    this.#setInbox(this.inbox.get().conversations.filter((conversation) => conversation.id !== id));
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
    if (this.inbox.get().status === "ready") await this.loadInbox();
    await this.#catchUpThreads();
  }

  // -- Inbox ------------------------------------------------------------------------------------

  /** Reads the newest conversations; true when it went well. */
  async loadInbox(): Promise<boolean> {
    const now = this.inbox.get();
    if (now.status !== "ready") this.inbox.set({ ...now, status: "loading", error: null });
    try {
      const page = await this.#options.api.conversations();
      const known = new Set(page.results.map((conversation) => conversation.id));
      // Rows further down stay; those that are above the page's end and not in it are gone.
      const end = page.results.at(-1)?.last_activity_at ?? "";
      const rest = page.next
        ? now.conversations.filter((c) => !known.has(c.id) && c.last_activity_at < end)
        : [];
      const next = rest.length > 0 ? now.next : page.next;
      this.#setInbox([...page.results, ...rest], { status: "ready", next });
      return true;
    } catch (error) {
      const failed = this.inbox.get();
      if (failed.status !== "ready") this.inbox.set({ ...failed, status: "failed", error });
      return false;
    }
  }

  async loadMoreInbox(): Promise<void> {
    const now = this.inbox.get();
    if (!now.next || now.isLoadingMore) return;
    this.inbox.set({ ...now, isLoadingMore: true });
    try {
      const page = await this.#options.api.conversations(this.#options.cursorOf(now.next));
      const known = new Set(this.inbox.get().conversations.map((conversation) => conversation.id));
      const more = page.results.filter((conversation) => !known.has(conversation.id));
      this.#setInbox([...this.inbox.get().conversations, ...more], { next: page.next });
    } finally {
      this.inbox.set({ ...this.inbox.get(), isLoadingMore: false });
    }
  }

  conversation(id: string): Conversation | undefined {
    return this.inbox.get().conversations.find((conversation) => conversation.id === id);
  }

  /** Takes a conversation as the server told it. */
  keep(conversation: Conversation): void {
    const others = this.inbox.get().conversations.filter((other) => other.id !== conversation.id);
    this.#setInbox([conversation, ...others]);
  }

  async #readConversation(id: string): Promise<void> {
    this.keep(await this.#options.api.conversation(id));
  }

  #change(id: string, change: (conversation: Conversation) => Conversation): void {
    this.#setInbox(
      this.inbox
        .get()
        .conversations.map((conversation) =>
          conversation.id === id ? change(conversation) : conversation,
        ),
    );
  }

  #setInbox(conversations: readonly Conversation[], more: Partial<InboxState> = {}): void {
    const sorted = [...conversations].sort((a, b) =>
      b.last_activity_at.localeCompare(a.last_activity_at),
    );
    this.inbox.set({ ...this.inbox.get(), conversations: sorted, ...more });
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
      onConversation: (conversation) => this.keep(conversation),
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
    this.#toldTyping.delete(conversationId);
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
    const known = this.conversation(id);
    if (!known) {
      if (this.inbox.get().status === "ready")
        void this.#readConversation(id).catch(() => undefined);
      return;
    }
    if (message.seq <= known.last_seq) return;
    this.#change(id, (conversation) => ({
      ...conversation,
      last_message: message,
      last_seq: message.seq,
      rev: Math.max(conversation.rev, message.rev),
      last_activity_at: message.created_at,
      unread_count: message.seq - conversation.my.read_seq,
    }));
    // Whoever writes has read what stands above.
    if (message.sender) this.#readBy(id, message.sender.id, message.seq);
  }

  // -- Read marks -------------------------------------------------------------------------------

  /** Everything up to `seq` has been seen: shown at once, told a moment later. */
  markRead(id: string, seq: number): void {
    const conversation = this.conversation(id);
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
    this.#change(id, (conversation) => {
      const members = conversation.members.map((member) =>
        member.user.id === userId
          ? { ...member, read_seq: Math.max(member.read_seq, seq) }
          : member,
      );
      if (userId !== this.#me) return { ...conversation, members };
      const readSeq = Math.max(conversation.my.read_seq, seq);
      return {
        ...conversation,
        members,
        my: { ...conversation.my, read_seq: readSeq },
        unread_count: Math.max(0, conversation.last_seq - readSeq),
      };
    });
  }

  // -- Typing -----------------------------------------------------------------------------------

  /** The person types; told at most every 3 s. */
  type(id: string): void {
    const now = Date.now();
    if (now - (this.#toldTyping.get(id) ?? 0) < TYPING_TOLD_MS) return;
    this.#toldTyping.set(id, now);
    this.#tell("typing.start", id);
  }

  stopTyping(id: string): void {
    if (this.#toldTyping.delete(id)) this.#tell("typing.stop", id);
  }

  #tell(type: string, id: string): void {
    if (this.#options.socket.state.get() !== "live") return;
    void this.#options.socket.request(type, { conversation_id: id }).catch(() => undefined);
  }

  #showTyping(id: string, userId: string, isTyping: boolean): void {
    const key = `${id}/${userId}`;
    clearTimeout(this.#typingTimers.get(key));
    this.#typingTimers.delete(key);
    const others = (this.typing.get().get(id) ?? []).filter((other) => other !== userId);
    const shown = isTyping ? [...others, userId] : others;
    this.typing.set(new Map(this.typing.get()).set(id, shown));
    if (!isTyping) return;
    this.#typingTimers.set(
      key,
      setTimeout(() => this.#showTyping(id, userId, false), TYPING_SHOWN_MS),
    );
  }

  // -- What the server tells ----------------------------------------------------------------------

  #listen(): void {
    const { socket, random = Math.random } = this.#options;

    socket.on("message.created", (data) => {
      const message = data.message as Message;
      if (message.sender) this.#showTyping(message.conversation_id, message.sender.id, false);
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
      this.#showTyping(String(data.conversation_id), String(data.user_id), data.typing !== false),
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
