// A server, a storage and files for tests of the draft.
import type { NewPost } from "@/api/queries/posts";
import type { Media, Post } from "@/api/types";
import type { Upload, UploadOptions } from "@/api/upload";
import type { Inspected, UploadRules } from "./rules";
import type { DraftStorage, StoredDraft } from "./storage";
import type { DraftTools } from "./tools";

export const RULES: UploadRules = {
  imageTypes: ["image/jpeg", "image/png", "image/webp", "image/heic"],
  videoTypes: ["video/mp4"],
  imageBytes: 1000,
  imagePixels: 50_000_000,
  pixelsOf: { "image/webp": 20_000_000 },
  imageSide: 12_000,
  videoBytes: 5000,
  videoSeconds: 60,
  maxCount: 3,
  left: null,
};

export function file(name: string, bytes = 10, type = "image/jpeg"): File {
  return new File([new Uint8Array(bytes)], name, { type });
}

export function media(id: string, more: Partial<Media> = {}): Media {
  return {
    id,
    state: "ready",
    kind: "image",
    width: 400,
    height: 300,
    duration_ms: null,
    blurhash: null,
    alt_text: "",
    variants: [],
    original_url: null,
    error: null,
    ...more,
  };
}

export const turn = () => new Promise<void>((resolve) => setTimeout(resolve));

interface Sent {
  readonly file: File;
  readonly key: string;
  readonly options: UploadOptions;
  readonly arrive: (media: Media) => void;
  readonly fail: (error: Error) => void;
  isCancelled: boolean;
}

/** A server whose every answer the test gives itself. */
export class FakeServer {
  readonly sent: Sent[] = [];
  readonly removed: string[] = [];
  readonly described: [string, string][] = [];
  readonly posts: { post: NewPost; key: string }[] = [];
  /** What `look` finds. */
  readonly known = new Map<string, Media>();
  isOnline = true;

  readonly door = {
    send: (sentFile: File, options: UploadOptions): Upload<Media> => {
      const { promise, resolve, reject } = Promise.withResolvers<Media>();
      const sent: Sent = {
        file: sentFile,
        key: options.idempotencyKey ?? "",
        options,
        arrive: resolve,
        fail: reject,
        isCancelled: false,
      };
      this.sent.push(sent);
      const cancel = () => {
        sent.isCancelled = true;
        reject(new DOMException("cancelled", "AbortError"));
      };
      return { answer: promise, cancel };
    },
    look: async (id: string): Promise<Media> => {
      const found = this.known.get(id);
      if (!found) throw new Error("not found");
      return found;
    },
    remove: async (id: string) => this.removed.push(id),
    describe: async (id: string, alt: string) => this.described.push([id, alt]),
    publish: async (post: NewPost, key: string): Promise<Post> => {
      this.posts.push({ post, key });
      return { id: "1" } as Post;
    },
  };

  readonly around = { isOnline: () => this.isOnline, random: () => 0 };

  /** The names of the files that were sent, in order. */
  get names(): string[] {
    return this.sent.map((sent) => sent.file.name);
  }
}

export class MemoryStorage implements DraftStorage {
  readonly drafts = new Map<string, StoredDraft>();
  readonly files = new Map<string, { userId: string; file: File }>();
  isFull = false;

  async load(userId: string) {
    const draft = this.drafts.get(userId);
    if (!draft) return null;
    const own = [...this.files].filter(([, row]) => row.userId === userId);
    return { draft, files: new Map(own.map(([key, row]) => [key, row.file])) };
  }

  async save(userId: string, draft: StoredDraft) {
    this.drafts.set(userId, structuredClone(draft));
  }

  async putFile(userId: string, key: string, stored: File) {
    if (this.isFull) throw new DOMException("full", "QuotaExceededError");
    this.files.set(key, { userId, file: stored });
  }

  async removeFile(key: string) {
    this.files.delete(key);
  }

  async clear(userId: string) {
    this.drafts.delete(userId);
    for (const [key, row] of this.files) if (row.userId === userId) this.files.delete(key);
  }
}

const FOUND: Inspected = {
  size: { width: 4000, height: 3000 },
  durationMs: null,
  preview: new Blob(["small"]),
};

/** Tools of a draft; every file is found to be 4000 by 3000 unless `found` says otherwise. */
export function toolsFor(
  server: FakeServer,
  storage: DraftStorage = new MemoryStorage(),
  found: Record<string, Partial<Inspected>> = {},
): DraftTools & { readonly released: string[] } {
  let last = 0;
  const released: string[] = [];
  return {
    released,
    door: server.door,
    around: server.around,
    storage,
    inspect: async (opened) => ({ ...FOUND, ...found[opened.name] }),
    render: async (_file, edit) => new Blob([edit.filter], { type: "image/jpeg" }),
    addressOf: () => {
      last += 1;
      return `blob:${last}`;
    },
    release: (address) => released.push(address),
  };
}
