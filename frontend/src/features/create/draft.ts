// A post in the making: its pictures and their uploads, which run while the person goes on writing.
import { ApiError, asApiError } from "@/api/problem";
import { deleteMedia, getMedia, setAltText, uploadMedia } from "@/api/queries/media";
import { createPost } from "@/api/queries/posts";
import { session } from "@/api/session";
import type { Audience, Media, Post } from "@/api/types";
import type { Upload } from "@/api/upload";
import { Store } from "@/lib/store";
import { bytes } from "@/lib/text";
import { uuid } from "@/lib/uuid";

export interface DraftItem {
  readonly key: string;
  readonly file: File;
  /** Address of the file in this browser. */
  readonly preview: string;
  readonly state: "waiting" | "sending" | "preparing" | "ready" | "failed";
  /** Share of the bytes that have left, 0 to 1. */
  readonly sent: number;
  readonly media: Media | null;
  readonly problem: string | null;
  readonly alt: string;
}

export interface FileRules {
  readonly types: readonly string[];
  readonly maxBytes: number;
  readonly maxCount: number;
}

const AT_ONCE = 2; // the server decodes two pictures at a time
const BUSY_TRIES = 4;
const POLL_MS = 1000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Why a file is not taken; null when it is. */
export function refusal(file: File, rules: FileRules): string | null {
  if (!rules.types.includes(file.type)) {
    return `${file.name} is not a picture this server takes.`;
  }
  if (file.size > rules.maxBytes) {
    return `${file.name} has ${bytes(file.size)}; the limit is ${bytes(rules.maxBytes)}.`;
  }
  return null;
}

export class Draft {
  readonly items = new Store<readonly DraftItem[]>([]);
  readonly caption = new Store("");
  readonly audience = new Store<Audience>("public");
  readonly #uploads = new Map<string, Upload<Media>>();
  /** The same for every try of the same post, so that no try makes a second one. */
  readonly #key = uuid();

  /** Takes pictures in and starts to send them; returns what was wrong with the others. */
  add(files: readonly File[], rules: FileRules): string[] {
    const problems: string[] = [];
    const room = rules.maxCount - this.items.get().length;
    const good = files.filter((file) => {
      const problem = refusal(file, rules);
      if (problem) problems.push(problem);
      return !problem;
    });
    if (good.length > room) problems.push(`A post has at most ${rules.maxCount} pictures.`);
    const items = good.slice(0, room).map(
      (file): DraftItem => ({
        key: uuid(),
        file,
        preview: URL.createObjectURL(file),
        state: "waiting",
        sent: 0,
        media: null,
        problem: null,
        alt: "",
      }),
    );
    this.items.set([...this.items.get(), ...items]);
    this.#pump();
    return problems;
  }

  /** Takes a picture out: cancels its upload, or deletes it where it has arrived. */
  remove(key: string): void {
    const item = this.#item(key);
    if (!item) return;
    this.#uploads.get(key)?.cancel();
    if (item.media) void deleteMedia(item.media.id).catch(() => undefined);
    URL.revokeObjectURL(item.preview);
    this.items.set(this.items.get().filter((other) => other.key !== key));
    this.#pump();
  }

  retry(key: string): void {
    this.#change(key, { state: "waiting", sent: 0, problem: null });
    this.#pump();
  }

  setAlt(key: string, alt: string): void {
    this.#change(key, { alt });
  }

  move(from: number, to: number): void {
    const items = [...this.items.get()];
    const [item] = items.splice(from, 1);
    if (!item || to < 0 || to > items.length) return;
    items.splice(to, 0, item);
    this.items.set(items);
  }

  /** Throws everything away. */
  discard(): void {
    for (const item of this.items.get()) this.remove(item.key);
    if (current === this) current = null;
  }

  /** Gives back what the browser holds, when the pictures are not this draft's any more. */
  release(): void {
    for (const item of this.items.get()) {
      this.#uploads.get(item.key)?.cancel();
      URL.revokeObjectURL(item.preview);
    }
    this.items.set([]);
    if (current === this) current = null;
  }

  /** Makes the post. All pictures must be ready. */
  async publish(): Promise<Post> {
    const items = this.items.get();
    const media = items.flatMap((item) => (item.media ? [item.media] : []));
    if (media.length !== items.length) throw new Error("a picture is not ready");
    await Promise.all(
      items.flatMap(({ alt, media: own }) =>
        own && alt.trim() !== own.alt_text ? [setAltText(own.id, alt.trim())] : [],
      ),
    );
    const mediaIds = media.map((item) => item.id);
    const words = { caption: this.caption.get().trim(), audience: this.audience.get() };
    return createPost({ media_ids: mediaIds, ...words }, this.#key);
  }

  #item(key: string): DraftItem | undefined {
    return this.items.get().find((item) => item.key === key);
  }

  #change(key: string, change: Partial<DraftItem>): void {
    this.items.set(
      this.items.get().map((item) => (item.key === key ? { ...item, ...change } : item)),
    );
  }

  #pump(): void {
    for (const item of this.items.get()) {
      if (this.#uploads.size >= AT_ONCE) return;
      if (item.state === "waiting") void this.#send(item);
    }
  }

  async #send(item: DraftItem): Promise<void> {
    const { key } = item;
    this.#change(key, { state: "sending" });
    try {
      const media = await this.#upload(item);
      if (this.#item(key)) this.#change(key, { state: "preparing", media, sent: 1 });
      await this.#prepared(key, media);
    } catch (error) {
      const problem = asApiError(error);
      if (this.#item(key)) this.#change(key, { state: "failed", problem: problem.message });
    } finally {
      this.#uploads.delete(key);
      this.#pump();
    }
  }

  /** Sends the file; waits and tries again while the server says that it is busy. */
  async #upload(item: DraftItem): Promise<Media> {
    for (let tries = 1; ; tries += 1) {
      const upload = uploadMedia(item.file, {
        idempotencyKey: item.key,
        onProgress: (sent) => this.#change(item.key, { sent }),
      });
      this.#uploads.set(item.key, upload);
      try {
        return await upload.answer;
      } catch (error) {
        const isBusy = error instanceof ApiError && (error.status === 503 || error.status === 429);
        if (!isBusy || tries === BUSY_TRIES || !this.#item(item.key)) throw error;
        await pause((error.retryAfterS ?? tries * 2) * 1000);
      }
    }
  }

  async #prepared(key: string, media: Media): Promise<void> {
    let now = media;
    while (now.state === "processing" && this.#item(key)) {
      await pause(POLL_MS);
      now = await getMedia(media.id);
    }
    if (!this.#item(key)) return;
    if (now.state === "failed") {
      const problem = now.error?.message ?? "This picture could not be read.";
      this.#change(key, { state: "failed", problem, media: now });
    } else {
      this.#change(key, { state: "ready", media: now });
    }
  }
}

let current: Draft | null = null;

/** The draft that is open: it stays when its dialog is left by "Back", until it is shared or discarded. */
export function currentDraft(): Draft {
  current ??= new Draft();
  return current;
}

// The next person must not find the pictures of the one before.
session.status.subscribe(() => {
  if (session.status.get() === "signed-out") current?.release();
});
