// Optimistic switches on things that many lists show: the wish lies over the server's data until it is confirmed.
import { useSyncExternalStore } from "react";
import { Toggle } from "./toggle";

export interface WishHooks<Answer> {
  readonly send: (id: string, on: boolean) => Promise<Answer>;
  /** The server agreed: write its answer into the cached data. */
  readonly settled: (id: string, on: boolean, answer: Answer) => void;
  /** The server refused: the wish is gone already, tell the person. */
  readonly failed: (id: string, error: unknown) => void;
}

export class Wishes<Answer> {
  readonly #open = new Map<string, { toggle: Toggle<Answer>; wish: boolean }>();
  readonly #listeners = new Set<() => void>();
  readonly #hooks: WishHooks<Answer>;

  constructor(hooks: WishHooks<Answer>) {
    this.#hooks = hooks;
  }

  /** Switches `id`; `confirmed` is what the server's data say. */
  want(id: string, confirmed: boolean, on: boolean): void {
    const toggle = this.#open.get(id)?.toggle ?? this.#toggle(id, confirmed);
    this.#open.set(id, { toggle, wish: on });
    toggle.want(on);
    if (toggle.isIdle) this.#open.delete(id);
    this.#tell();
  }

  /** The server has not answered the last wish yet. */
  isOpen(id: string): boolean {
    return this.#open.has(id);
  }

  /** The state to show. */
  useWish(id: string, confirmed: boolean): boolean {
    const wish = useSyncExternalStore(this.#subscribe, () => this.#open.get(id)?.wish);
    return wish ?? confirmed;
  }

  #toggle(id: string, confirmed: boolean): Toggle<Answer> {
    return new Toggle<Answer>(confirmed, {
      send: (on) => this.#hooks.send(id, on),
      settled: (on, answer) => {
        this.#hooks.settled(id, on, answer);
        // The query cache tells its readers by a timer: until then the old data would shine through.
        setTimeout(() => this.#closeIdle(id));
      },
      failed: (_confirmed, error) => {
        this.#close(id);
        this.#hooks.failed(id, error);
      },
    });
  }

  /** Unless the person has changed their mind meanwhile. */
  #closeIdle(id: string): void {
    if (this.#open.get(id)?.toggle.isIdle) this.#close(id);
  }

  #close(id: string): void {
    this.#open.delete(id);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  readonly #subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
