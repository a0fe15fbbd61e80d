// The page's side of the worker: one at a time, started when first needed and ended when idle.
import type { Preview, RenderOrder } from "./draw";
import type { Task } from "./worker";

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly problem?: string;
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

const IDLE_MS = 60_000;

class Studio {
  #worker: Worker | null = null;
  #last = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;
  readonly #waiting = new Map<number, Waiting>();

  /** Fetches the worker, so that it is there when the network goes. */
  warm(): void {
    this.#worker ??= this.#start();
  }

  /** Throws when this browser cannot read the file as a picture. */
  preview(file: Blob, side: number): Promise<Preview> {
    return this.#ask({ kind: "preview", file, side });
  }

  /** Throws when this browser cannot read or draw it. */
  render(order: RenderOrder): Promise<Blob> {
    return this.#ask({ kind: "render", order });
  }

  #ask<T>(task: Task): Promise<T> {
    clearTimeout(this.#idle);
    this.#worker ??= this.#start();
    this.#last += 1;
    const id = this.#last;
    const answer = new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#worker.postMessage({ id, task });
    return answer;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => this.#take(data));
    // It died, of too large a picture or because its file is gone after a deploy.
    worker.addEventListener("error", () => this.#stop("the worker stopped"));
    return worker;
  }

  #take({ id, result, problem }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (problem === undefined) waiting?.resolve(result as never);
    else waiting?.reject(new Error(problem));
    if (this.#waiting.size === 0) this.#idle = setTimeout(() => this.#stop("idle"), IDLE_MS);
  }

  #stop(why: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new Error(why));
    this.#waiting.clear();
  }
}

export const studio = new Studio();
