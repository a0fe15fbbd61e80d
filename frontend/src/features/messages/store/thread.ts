// What is known of one conversation's messages, kept in step with the server by revisions.
// `rev` grows by one with every change, so a live change is applied only when it is the very next one;
// when one is missing, 150 ms are given to it, then `changes?after_rev=` is read.
import type { Changes, MessagesApi } from "@/api/queries/messages";
import type { Conversation, Message } from "@/api/types";
import { Store } from "@/lib/store";

export interface ThreadState {
  readonly status: "loading" | "ready" | "failed";
  /** By ascending seq, without a hole between the first and the last. */
  readonly messages: readonly Message[];
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  readonly error: unknown;
}

export interface ThreadOptions {
  readonly id: string;
  readonly api: Pick<MessagesApi, "conversation" | "history" | "changes">;
  /** The conversation as the server just told it. */
  readonly onConversation: (conversation: Conversation) => void;
}

const GAP_MS = 150;
const PAGE = 40;
/** Further behind than this, the newest page is read anew. */
const FAR_BEHIND = 400;

export class Thread {
  readonly state = new Store<ThreadState>({
    status: "loading",
    messages: [],
    hasOlder: false,
    isLoadingOlder: false,
    error: null,
  });
  readonly #options: ThreadOptions;
  readonly #held = new Map<number, Message>();
  #rev = 0;
  #firstSeq = 1;
  #gapTimer: ReturnType<typeof setTimeout> | undefined;
  #catchingUp: Promise<void> | null = null;
  #mustRepeat = false;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  get rev(): number {
    return this.#rev;
  }

  /** Reads the newest page. The conversation is read first, so no change falls between the two. */
  async load(): Promise<void> {
    const { api, id, onConversation } = this.#options;
    this.#set({ status: this.state.get().status === "ready" ? "ready" : "loading", error: null });
    try {
      const conversation = await api.conversation(id);
      const page = await api.history(id, { limit: PAGE });
      this.#firstSeq = conversation.first_seq;
      this.#rev = conversation.rev;
      onConversation(conversation);
      this.#show(bySeq(page.results), { status: "ready" });
      this.#drain();
      this.#repeat();
    } catch (error) {
      this.#set({ status: "failed", error });
    }
  }

  async loadOlder(): Promise<void> {
    const { messages, hasOlder, isLoadingOlder } = this.state.get();
    const first = messages[0];
    if (!first || !hasOlder || isLoadingOlder) return;
    this.#set({ isLoadingOlder: true });
    try {
      const { api, id } = this.#options;
      const page = await api.history(id, { before_seq: first.seq, limit: PAGE });
      const older = bySeq(page.results).filter((message) => message.seq < first.seq);
      this.#show([...older, ...this.state.get().messages], { isLoadingOlder: false });
      if (older.length === 0) this.#set({ hasOlder: false });
    } catch {
      this.#set({ isLoadingOlder: false });
    }
  }

  /** A change that came live. What is known already is dropped; what comes too early is held. */
  receive(message: Message): void {
    if (this.state.get().status !== "ready") {
      this.#held.set(message.rev, message);
      return;
    }
    if (message.rev <= this.#rev) return;
    this.#held.set(message.rev, message);
    this.#drain();
  }

  /** Reads everything that changed since the last known revision. Calls at the same time share one reading. */
  catchUp(): Promise<void> {
    const { status } = this.state.get();
    if (status === "failed") return this.load();
    if (status === "loading" || this.#catchingUp) {
      this.#mustRepeat = true; // what is being read now may be older than what asks
      return this.#catchingUp ?? Promise.resolve();
    }
    this.#catchingUp = this.#readChanges().finally(() => {
      this.#catchingUp = null;
      this.#repeat();
    });
    return this.#catchingUp;
  }

  #repeat(): void {
    if (!this.#mustRepeat) return;
    this.#mustRepeat = false;
    void this.catchUp().catch(() => undefined);
  }

  /** Forgets its timers; the thread is of no more use. */
  close(): void {
    clearTimeout(this.#gapTimer);
  }

  async #readChanges(): Promise<void> {
    let answer: Changes;
    do {
      answer = await this.#options.api.changes(this.#options.id, this.#rev);
      const last = this.state.get().messages.at(-1)?.seq ?? 0;
      if (answer.has_more && answer.conversation.last_seq - last > FAR_BEHIND) return this.load();
      this.#show(merged(this.state.get().messages, answer.results));
      this.#rev = Math.max(this.#rev, answer.rev);
    } while (answer.has_more);
    this.#options.onConversation(answer.conversation);
    this.#drain();
  }

  /** Applies what was held as far as it goes on without a gap. */
  #drain(): void {
    const next: Message[] = [];
    for (const rev of [...this.#held.keys()].sort((a, b) => a - b)) {
      const message = this.#held.get(rev);
      if (rev > this.#rev + 1) break;
      this.#held.delete(rev);
      if (!message || rev <= this.#rev) continue;
      this.#rev = rev;
      next.push(message);
    }
    if (next.length > 0) this.#show(merged(this.state.get().messages, next));
    clearTimeout(this.#gapTimer);
    if (this.#held.size === 0) return;
    this.#gapTimer = setTimeout(() => void this.catchUp().catch(() => this.#later()), GAP_MS);
  }

  /** The reading failed: the network is away, and the next resume will read again. */
  #later(): void {
    this.#held.clear();
  }

  #show(messages: readonly Message[], more: Partial<ThreadState> = {}): void {
    const first = messages[0];
    this.#set({ messages, hasOlder: first !== undefined && first.seq > this.#firstSeq, ...more });
  }

  #set(change: Partial<ThreadState>): void {
    this.state.set({ ...this.state.get(), ...change });
  }
}

function bySeq(messages: readonly Message[]): Message[] {
  return [...messages].sort((a, b) => a.seq - b.seq);
}

/** Changed messages over known ones. One from before the first known message is not shown: it comes with its page. */
function merged(known: readonly Message[], changed: readonly Message[]): readonly Message[] {
  const first = known[0]?.seq ?? 0;
  const bySequence = new Map(known.map((message) => [message.seq, message]));
  for (const message of changed) {
    const old = bySequence.get(message.seq);
    if (message.seq >= first && (!old || old.rev < message.rev))
      bySequence.set(message.seq, message);
  }
  return bySeq([...bySequence.values()]);
}
