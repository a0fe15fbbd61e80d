// Who is typing in which conversation, and telling others that this person does.
import type { RealtimeSocket } from "@/lib/realtime/socket";
import { Store } from "@/lib/store";

const SHOWN_MS = 6000;
const TOLD_MS = 3000;

/** The people who type, by conversation. */
export class Typing extends Store<ReadonlyMap<string, readonly string[]>> {
  readonly #socket: Pick<RealtimeSocket, "request" | "state">;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #toldAt = new Map<string, number>();

  constructor(socket: Pick<RealtimeSocket, "request" | "state">) {
    super(new Map());
    this.#socket = socket;
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.set(new Map());
  }

  /** The person types; told at most every 3 s. */
  begin(id: string): void {
    const now = Date.now();
    if (now - (this.#toldAt.get(id) ?? 0) < TOLD_MS) return;
    this.#toldAt.set(id, now);
    this.#tell("typing.start", id);
  }

  /** The person types no longer. */
  end(id: string): void {
    if (this.#toldAt.delete(id)) this.#tell("typing.stop", id);
  }

  /** The person has sent what they typed, which says as much. */
  sent(id: string): void {
    this.#toldAt.delete(id);
  }

  /** Somebody types, or does no longer; shown for 6 s. */
  show(id: string, userId: string, isTyping: boolean): void {
    const key = `${id}/${userId}`;
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    const others = (this.get().get(id) ?? []).filter((other) => other !== userId);
    const shown = isTyping ? [...others, userId] : others;
    this.set(new Map(this.get()).set(id, shown));
    if (!isTyping) return;
    this.#timers.set(
      key,
      setTimeout(() => this.show(id, userId, false), SHOWN_MS),
    );
  }

  #tell(type: string, id: string): void {
    if (this.#socket.state.get() !== "live") return;
    void this.#socket.request(type, { conversation_id: id }).catch(() => undefined);
  }
}
