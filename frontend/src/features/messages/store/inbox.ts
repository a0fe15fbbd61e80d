// The conversations of the signed-in person, newest activity first.
import type { MessagesApi } from "@/api/queries/messages";
import type { Conversation, Message } from "@/api/types";
import { Store } from "@/lib/store";

export interface InboxState {
  readonly status: "empty" | "loading" | "ready" | "failed";
  /** By last activity, newest first. */
  readonly conversations: readonly Conversation[];
  readonly next: string | null;
  readonly isLoadingMore: boolean;
  readonly error: unknown;
}

export interface InboxOptions {
  readonly api: Pick<MessagesApi, "conversation" | "conversations">;
  readonly cursorOf: (next: string | null) => string | undefined;
}

const EMPTY: InboxState = {
  status: "empty",
  conversations: [],
  next: null,
  isLoadingMore: false,
  error: null,
};

export class Inbox extends Store<InboxState> {
  readonly #options: InboxOptions;

  constructor(options: InboxOptions) {
    super(EMPTY);
    this.#options = options;
  }

  clear(): void {
    this.set(EMPTY);
  }

  /** Reads the newest conversations; true when it went well. */
  async load(): Promise<boolean> {
    const now = this.get();
    if (now.status !== "ready") this.set({ ...now, status: "loading", error: null });
    try {
      const page = await this.#options.api.conversations();
      const known = new Set(page.results.map((conversation) => conversation.id));
      // Rows further down stay; those that are above the page's end and not in it are gone.
      const end = page.results.at(-1)?.last_activity_at ?? "";
      const rest = page.next
        ? now.conversations.filter((c) => !known.has(c.id) && c.last_activity_at < end)
        : [];
      const next = rest.length > 0 ? now.next : page.next;
      this.#put([...page.results, ...rest], { status: "ready", next });
      return true;
    } catch (error) {
      const failed = this.get();
      if (failed.status !== "ready") this.set({ ...failed, status: "failed", error });
      return false;
    }
  }

  async loadMore(): Promise<void> {
    const now = this.get();
    if (!now.next || now.isLoadingMore) return;
    this.set({ ...now, isLoadingMore: true });
    try {
      const page = await this.#options.api.conversations(this.#options.cursorOf(now.next));
      const known = new Set(this.get().conversations.map((conversation) => conversation.id));
      const more = page.results.filter((conversation) => !known.has(conversation.id));
      this.#put([...this.get().conversations, ...more], { next: page.next });
    } finally {
      this.set({ ...this.get(), isLoadingMore: false });
    }
  }

  find(id: string): Conversation | undefined {
    return this.get().conversations.find((conversation) => conversation.id === id);
  }

  /** Takes a conversation as the server told it. */
  keep(conversation: Conversation): void {
    this.#put([conversation, ...this.#without(conversation.id)]);
  }

  /** Reads one conversation. */
  async read(id: string): Promise<void> {
    this.keep(await this.#options.api.conversation(id));
  }

  drop(id: string): void {
    this.#put(this.#without(id));
  }

  /** A new message in a conversation that is known. */
  add(message: Message): void {
    this.#change(message.conversation_id, (conversation) => ({
      ...conversation,
      last_message: message,
      last_seq: message.seq,
      rev: Math.max(conversation.rev, message.rev),
      last_activity_at: message.created_at,
      unread_count: message.seq - conversation.my.read_seq,
    }));
  }

  /** How far a member has read; `isMine` for the person of this inbox. */
  mark(id: string, userId: string | null, seq: number, isMine: boolean): void {
    this.#change(id, (conversation) => {
      const members = conversation.members.map((member) =>
        member.user.id === userId
          ? { ...member, read_seq: Math.max(member.read_seq, seq) }
          : member,
      );
      if (!isMine) return { ...conversation, members };
      const readSeq = Math.max(conversation.my.read_seq, seq);
      return {
        ...conversation,
        members,
        my: { ...conversation.my, read_seq: readSeq },
        unread_count: Math.max(0, conversation.last_seq - readSeq),
      };
    });
  }

  #without(id: string): readonly Conversation[] {
    return this.get().conversations.filter((conversation) => conversation.id !== id);
  }

  #change(id: string, change: (conversation: Conversation) => Conversation): void {
    this.#put(
      this.get().conversations.map((conversation) =>
        conversation.id === id ? change(conversation) : conversation,
      ),
    );
  }

  #put(conversations: readonly Conversation[], more: Partial<InboxState> = {}): void {
    const sorted = [...conversations].sort((a, b) =>
      b.last_activity_at.localeCompare(a.last_activity_at),
    );
    this.set({ ...this.get(), conversations: sorted, ...more });
  }
}
