// Who is signed in here: the access token lives in memory, the refresh token in a cookie no script can read.
// Tabs share one refresh: a lock lets one ask, a channel gives its answer to the others.

import { store, stored } from "@/lib/storage";
import { Store } from "@/lib/store";
import { takeBootSession } from "./boot";
import { offline } from "./problem";

export type SessionStatus = "starting" | "signed-out" | "signed-in" | "unreachable";

interface Access {
  readonly token: string;
  readonly subject: string;
  /** By this computer's clock, which may differ from the server's. */
  readonly expiresAt: number;
  /** The account is about to be erased: the token opens little more than the way back. */
  readonly isLeaving: boolean;
}

type Word = { readonly kind: "access"; readonly token: string } | { readonly kind: "signed-out" };

const SPARE_MS = 20_000;
const LOCK = "jyoti.refresh";

interface Claims {
  exp?: number;
  iat?: number;
  sub?: string | number;
  user_id?: string | number;
  scopes?: readonly string[];
}

function claimsOf(token: string): Claims {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(payload)) as Claims;
  } catch {
    return {};
  }
}

function accessOf(token: string): Access {
  const claims = claimsOf(token);
  const lifeS = (claims.exp ?? 0) - (claims.iat ?? 0);
  return {
    token,
    subject: String(claims.sub ?? claims.user_id ?? ""),
    expiresAt: Date.now() + Math.max(lifeS, 60) * 1000,
    isLeaving: claims.scopes !== undefined && !claims.scopes.includes("write"),
  };
}

class Session {
  readonly status = new Store<SessionStatus>("starting");
  readonly isLeaving = new Store(false);
  #access: Access | null = null;
  #refreshing: Promise<string | null> | null = null;
  #asked = false;
  readonly #channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(LOCK) : null;

  constructor() {
    this.#channel?.addEventListener("message", (event: MessageEvent<Word>) =>
      this.#heard(event.data),
    );
  }

  /** Finds out at start who is signed in: by the refresh that `boot.js` began, or by none. */
  async start(): Promise<void> {
    const booted = takeBootSession();
    if (!booted) {
      this.status.set("signed-out");
      return;
    }
    try {
      const answer = await booted;
      if (answer) this.adopt(answer.access);
      else this.#leave();
    } catch {
      this.status.set("unreachable");
    }
  }

  /** Nothing is known here: the first visit, or a browser that threw away what it had kept, but not its cookies. */
  get isUnknown(): boolean {
    return !this.#asked && stored("jyoti.session") === null;
  }

  /** Asks the server who is signed in, after `unreachable` or when nothing is known. */
  async ask(): Promise<void> {
    this.#asked = true;
    this.status.set("starting");
    await this.#ask().catch(() => this.status.set("unreachable"));
  }

  /** Takes a fresh access token, after log-in, sign-up or refresh. */
  adopt(token: string): void {
    this.#take(token);
    this.#channel?.postMessage({ kind: "access", token } satisfies Word);
  }

  /** Ends the session in this browser: every tab forgets the token. */
  end(): void {
    this.#leave();
    this.#channel?.postMessage({ kind: "signed-out" } satisfies Word);
  }

  /** A token that is still good for a while, or null when nobody is signed in. Throws when offline. */
  async token(): Promise<string | null> {
    if (!this.#access) return null;
    if (this.#access.expiresAt - Date.now() > SPARE_MS) return this.#access.token;
    return this.refresh(this.#access.token);
  }

  /** Another token than `stale`; null when the session is over. Calls at the same time share one request. */
  refresh(stale: string): Promise<string | null> {
    if (this.#access && this.#access.token !== stale) return Promise.resolve(this.#access.token);
    this.#refreshing ??= this.#refreshLocked(stale).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** The server says that this session may be over: find out. */
  async recheck(): Promise<void> {
    if (this.#access) await this.refresh(this.#access.token).catch(() => undefined);
  }

  #refreshLocked(stale: string): Promise<string | null> {
    const attempt = async () => {
      // While this tab waited for the lock, another one may have got the successor.
      if (this.#access && this.#access.token !== stale) return this.#access.token;
      return this.#ask();
    };
    return navigator.locks ? navigator.locks.request(LOCK, attempt) : attempt();
  }

  async #ask(): Promise<string | null> {
    const response = await fetch("/api/v1/auth/refresh", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    }).catch(() => {
      throw offline();
    });
    if (response.status === 401 || response.status === 403) {
      this.end();
      return null;
    }
    if (!response.ok) throw offline();
    const { access } = (await response.json()) as { access: string };
    this.adopt(access);
    return access;
  }

  #take(token: string): void {
    this.#access = accessOf(token);
    store("jyoti.session", "in");
    this.isLeaving.set(this.#access.isLeaving);
    this.status.set("signed-in");
  }

  #leave(): void {
    this.#access = null;
    // A browser that never signed in keeps no word: it asks again on the next page that wants a session.
    if (stored("jyoti.session") !== null) store("jyoti.session", "out");
    this.status.set("signed-out");
  }

  #heard(word: Word): void {
    if (word.kind === "signed-out") {
      if (this.#access) this.#leave();
      return;
    }
    const other = this.#access && this.#access.subject !== accessOf(word.token).subject;
    if (other)
      location.reload(); // somebody else signed in: nothing of the former person may stay
    else this.#take(word.token);
  }
}

export const session = new Session();
