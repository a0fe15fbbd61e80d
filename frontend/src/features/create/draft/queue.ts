// Uploads: two at a time, tried again with growing pauses, waiting while there is no network.
import { ApiError, asApiError } from "@/api/problem";
import type { Media } from "@/api/types";
import type { Upload, UploadOptions } from "@/api/upload";
import { uuid } from "@/lib/uuid";

export interface UploadStatus {
  /** `paused` until the next try or until the network is back; `preparing` on the server. */
  readonly state: "waiting" | "sending" | "paused" | "preparing" | "ready" | "failed";
  /** Share of the bytes that have left, 0 to 1. */
  readonly sent: number;
  readonly media: Media | null;
  /** Why it pauses or has failed, for people. */
  readonly problem: string | null;
}

export const NOT_SENT: UploadStatus = { state: "waiting", sent: 0, media: null, problem: null };

/** Where files go, and what becomes of them. */
export interface UploadDoor {
  send(file: File, options: UploadOptions): Upload<Media>;
  look(mediaId: string): Promise<Media>;
  remove(mediaId: string): Promise<unknown>;
}

export interface Surroundings {
  readonly isOnline: () => boolean;
  /** 0 to 1; tests give their own. */
  readonly random: () => number;
}

interface Job {
  readonly key: string;
  readonly file: File;
  /** The same for each try, so that a lost answer makes no second picture. */
  uploadKey: string;
  status: UploadStatus;
  tries: number;
  upload: Upload<Media> | null;
  timer: ReturnType<typeof setTimeout> | undefined;
}

const AT_ONCE = 2; // the server decodes two pictures at a time
const MOST_TRIES = 8;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const LOOK_MS = [1000, 1500, 2000, 3000, 5000];

/** The same request may succeed later. */
function isWorthAnotherTry(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.isTransient || error.code === "idempotency_in_flight");
}

export class UploadQueue {
  readonly #jobs = new Map<string, Job>();
  readonly #door: UploadDoor;
  readonly #around: Surroundings;
  readonly #onChange: (key: string, status: UploadStatus) => void;

  constructor(
    door: UploadDoor,
    around: Surroundings,
    onChange: (key: string, status: UploadStatus) => void,
  ) {
    this.#door = door;
    this.#around = around;
    this.#onChange = onChange;
  }

  /** Sends the file when its turn comes. */
  add(key: string, file: File, uploadKey: string): void {
    this.drop(key);
    this.#put(key, file, uploadKey, NOT_SENT);
    this.#pump();
  }

  /** Takes up what an earlier page had sent: looks whether it is still there, else sends it anew. */
  async resume(key: string, file: File, uploadKey: string, mediaId: string): Promise<void> {
    const job = this.#put(key, file, uploadKey, { ...NOT_SENT, state: "preparing", sent: 1 });
    try {
      this.#arrived(job, await this.#door.look(mediaId));
    } catch {
      if (this.#isGone(job)) return;
      this.#change(job, NOT_SENT);
      this.#pump();
    }
  }

  /** Forgets a file: stops its upload, or deletes it where it has arrived. */
  drop(key: string): void {
    const job = this.#forget(key);
    const mediaId = job?.status.media?.id;
    if (mediaId !== undefined) void this.#door.remove(mediaId).catch(() => undefined);
    this.#pump();
  }

  /** Stops all and deletes nothing. */
  stop(): void {
    for (const key of [...this.#jobs.keys()]) this.#forget(key);
  }

  retry(key: string): void {
    const job = this.#jobs.get(key);
    if (job?.status.state !== "failed" && job?.status.state !== "paused") return;
    clearTimeout(job.timer);
    job.tries = 0;
    const { media } = job.status;
    if (media) {
      // The server read it and gave up: the same key would give the same answer.
      void this.#door.remove(media.id).catch(() => undefined);
      job.uploadKey = uuid();
    }
    this.#change(job, NOT_SENT);
    this.#pump();
  }

  /** The network is back: what pauses goes on at once. */
  wake(): void {
    for (const { key, status } of [...this.#jobs.values()]) {
      if (status.state === "paused") this.retry(key);
    }
  }

  /** The server told that something of this id has been prepared, or could not be. */
  hear(mediaId: string): void {
    for (const job of this.#jobs.values()) {
      if (job.status.state === "preparing" && job.status.media?.id === mediaId) {
        void this.#lookAgain(job, 0);
      }
    }
  }

  #put(key: string, file: File, uploadKey: string, status: UploadStatus): Job {
    const job: Job = { key, file, uploadKey, status, tries: 0, upload: null, timer: undefined };
    this.#jobs.set(key, job);
    this.#onChange(key, status);
    return job;
  }

  #forget(key: string): Job | undefined {
    const job = this.#jobs.get(key);
    this.#jobs.delete(key);
    clearTimeout(job?.timer);
    job?.upload?.cancel();
    return job;
  }

  #isGone(job: Job): boolean {
    return this.#jobs.get(job.key) !== job;
  }

  #change(job: Job, change: Partial<UploadStatus>): void {
    if (this.#isGone(job)) return;
    job.status = { ...job.status, ...change };
    this.#onChange(job.key, job.status);
  }

  #pump(): void {
    const jobs = [...this.#jobs.values()];
    let free = AT_ONCE - jobs.filter(({ status }) => status.state === "sending").length;
    for (const job of jobs) {
      if (free <= 0) return;
      if (job.status.state !== "waiting") continue;
      free -= 1;
      void this.#send(job);
    }
  }

  async #send(job: Job): Promise<void> {
    this.#change(job, { state: "sending", sent: 0, problem: null });
    job.tries += 1;
    try {
      job.upload = this.#door.send(job.file, {
        idempotencyKey: job.uploadKey,
        onProgress: (sent) => {
          if (job.status.state === "sending") this.#change(job, { sent });
        },
      });
      this.#arrived(job, await job.upload.answer);
    } catch (error) {
      this.#missed(job, error);
    } finally {
      job.upload = null;
      this.#pump();
    }
  }

  #missed(job: Job, error: unknown): void {
    if (this.#isGone(job)) return;
    const { message } = asApiError(error);
    const isOffline = !this.#around.isOnline();
    if (!isWorthAnotherTry(error) || (job.tries >= MOST_TRIES && !isOffline)) {
      this.#change(job, { state: "failed", problem: message });
      return;
    }
    const problem = isOffline ? "You are offline. It goes on by itself." : message;
    this.#change(job, { state: "paused", sent: 0, problem });
    if (isOffline) return; // `wake` is called when the network is back
    job.timer = setTimeout(
      () => {
        this.#change(job, { state: "waiting", problem: null });
        this.#pump();
      },
      this.#pause(job.tries, error.retryAfterS),
    );
  }

  /** What the server asks for, else twice as long each time; some more, so that not all come at once. */
  #pause(tries: number, retryAfterS: number | null): number {
    const own = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
    const asked = retryAfterS === null ? own : retryAfterS * 1000;
    return asked * (1 + this.#around.random() / 4);
  }

  #arrived(job: Job, media: Media): void {
    if (this.#isGone(job)) return;
    if (media.state === "ready") {
      this.#change(job, { state: "ready", sent: 1, media, problem: null });
    } else if (media.state === "failed") {
      const problem = media.error?.message ?? "The server could not read this file.";
      this.#change(job, { state: "failed", sent: 1, media, problem });
    } else {
      this.#change(job, { state: "preparing", sent: 1, media });
      this.#lookLater(job, 0);
    }
  }

  #lookLater(job: Job, times: number): void {
    clearTimeout(job.timer);
    const pause = LOOK_MS[Math.min(times, LOOK_MS.length - 1)];
    job.timer = setTimeout(() => void this.#lookAgain(job, times + 1), pause);
  }

  async #lookAgain(job: Job, times: number): Promise<void> {
    clearTimeout(job.timer);
    const mediaId = job.status.media?.id;
    if (this.#isGone(job) || mediaId === undefined) return;
    try {
      const media = await this.#door.look(mediaId);
      if (media.state === "processing") this.#lookLater(job, times);
      else if (job.status.state === "preparing") this.#arrived(job, media);
    } catch (error) {
      if (isWorthAnotherTry(error)) this.#lookLater(job, times);
      else this.#change(job, { state: "failed", problem: asApiError(error).message, media: null });
    }
  }
}
