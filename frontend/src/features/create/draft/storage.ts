// The draft on this device: its words in one record, its files beside it, so that typing rewrites no file.
import type { Edit } from "../edit/edit";
import type { DraftItem } from "./items";
import type { Words } from "./words";

export interface StoredItem {
  readonly key: string;
  readonly uploadKey: string;
  /** What has arrived on the server, if it has. */
  readonly mediaId: string | null;
  readonly alt: string;
  readonly edit: Edit;
}

export interface StoredDraft {
  /** The idempotency key of the post. */
  readonly postKey: string;
  readonly savedAt: string;
  readonly words: Words;
  readonly items: readonly StoredItem[];
}

export function storedItem({ key, uploadKey, upload, alt, edit }: DraftItem): StoredItem {
  return { key, uploadKey, mediaId: upload.media?.id ?? null, alt, edit };
}

/** One draft for each person. Every method rejects where the browser keeps nothing. */
export interface DraftStorage {
  load(userId: string): Promise<{ draft: StoredDraft; files: ReadonlyMap<string, File> } | null>;
  save(userId: string, draft: StoredDraft): Promise<void>;
  putFile(userId: string, key: string, file: File): Promise<void>;
  removeFile(key: string): Promise<void>;
  clear(userId: string): Promise<void>;
}

const NAME = "jyoti.draft";
const DRAFTS = "drafts";
const FILES = "files";

interface DraftRow extends StoredDraft {
  readonly userId: string;
}

interface FileRow {
  readonly key: string;
  readonly userId: string;
  readonly file: File;
}

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore(DRAFTS, { keyPath: "userId" });
      db.createObjectStore(FILES, { keyPath: "key" }).createIndex("user", "userId");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

type Work<T> = (drafts: IDBObjectStore, files: IDBObjectStore) => IDBRequest<T>;

/** Runs one transaction to its end: a full disk shows only there. */
async function run<T>(mode: IDBTransactionMode, work: Work<T>): Promise<T> {
  const db = await database();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = db.transaction([DRAFTS, FILES], mode);
      const request = work(transaction.objectStore(DRAFTS), transaction.objectStore(FILES));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

function removeFilesOf(files: IDBObjectStore, userId: string): void {
  const request = files.index("user").getAllKeys(userId);
  request.onsuccess = () => {
    for (const key of request.result) files.delete(key);
  };
}

export const draftStorage: DraftStorage = {
  async load(userId) {
    const draft = await run<DraftRow | undefined>("readonly", (drafts) => drafts.get(userId));
    if (!draft) return null;
    const rows = await run<FileRow[]>("readonly", (_, files) => files.index("user").getAll(userId));
    return { draft, files: new Map(rows.map(({ key, file }) => [key, file])) };
  },
  async save(userId, draft) {
    await run("readwrite", (drafts) => drafts.put({ ...draft, userId } satisfies DraftRow));
  },
  async putFile(userId, key, file) {
    await run("readwrite", (_, files) => files.put({ key, userId, file } satisfies FileRow));
  },
  async removeFile(key) {
    await run("readwrite", (_, files) => files.delete(key));
  },
  async clear(userId) {
    await run("readwrite", (drafts, files) => {
      removeFilesOf(files, userId);
      return drafts.delete(userId);
    });
  },
};
