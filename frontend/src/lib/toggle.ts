// Quick repeated toggling (like, save, follow) as one wish: at most one request runs, only the last wish counts.
export interface ToggleHooks<Answer> {
  /** Tells the server; resolves to its answer. */
  readonly send: (on: boolean) => Promise<Answer>;
  /** The server agreed to the last wish. */
  readonly settled: (on: boolean, answer: Answer) => void;
  /** The last wish failed; `confirmed` is what the server still holds. */
  readonly failed: (confirmed: boolean, error: unknown) => void;
}

export class Toggle<Answer> {
  #confirmed: boolean;
  #wish: boolean;
  #running = false;
  readonly #hooks: ToggleHooks<Answer>;

  constructor(confirmed: boolean, hooks: ToggleHooks<Answer>) {
    this.#confirmed = confirmed;
    this.#wish = confirmed;
    this.#hooks = hooks;
  }

  get isIdle(): boolean {
    return !this.#running;
  }

  /** Wishes for a state; the newest wish wins. */
  want(on: boolean): void {
    this.#wish = on;
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    let answer: Answer | undefined;
    try {
      // A wish taken back while its request ran is told to the server as well: it holds the other state by then.
      while (this.#wish !== this.#confirmed) {
        const sent = this.#wish;
        answer = await this.#hooks.send(sent);
        this.#confirmed = sent;
      }
    } catch (error) {
      this.#running = false;
      this.#wish = this.#confirmed;
      this.#hooks.failed(this.#confirmed, error);
      return;
    }
    this.#running = false;
    if (answer !== undefined) this.#hooks.settled(this.#confirmed, answer);
  }
}
