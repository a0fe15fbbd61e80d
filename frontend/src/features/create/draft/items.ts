// One picture or video of a draft, and the order of all.
import type { Size } from "../edit/crop";
import { type Edit, UNTOUCHED } from "../edit/edit";
import { NOT_SENT, type UploadStatus } from "./queue";
import { type Kind, kindOf, typeOf } from "./rules";

export interface DraftItem {
  readonly key: string;
  readonly kind: Kind;
  /** As it was chosen. */
  readonly file: File;
  /** Null until it has been opened, and for good where this browser cannot open it. */
  readonly size: Size | null;
  readonly durationMs: number | null;
  /** Addresses in this browser of a small picture of the file, and of what was made of it. */
  readonly preview: string | null;
  readonly edited: string | null;
  readonly edit: Edit;
  /** What is done on the device before it is sent. */
  readonly work: "reading" | "editing" | null;
  /** Changes with each edit; the server takes every version once. */
  readonly uploadKey: string;
  readonly upload: UploadStatus;
  readonly alt: string;
}

export function newItem(key: string, file: File, uploadKey: string): DraftItem {
  return {
    key,
    kind: kindOf(file),
    file,
    size: null,
    durationMs: null,
    preview: null,
    edited: null,
    edit: UNTOUCHED,
    work: "reading",
    uploadKey,
    upload: NOT_SENT,
    alt: "",
  };
}

/** The small picture to show: the edited one, the file's, or the server's for what cannot be opened here. */
export function shownAt({ edited, preview, upload }: DraftItem): string | null {
  const smallest = upload.media?.variants.find(({ type }) => type === "image/webp");
  return edited ?? preview ?? smallest?.url ?? null;
}

export const isReady = (item: DraftItem) => !item.work && item.upload.state === "ready";
export const hasFailed = (item: DraftItem) => !item.work && item.upload.state === "failed";

/** Only what this browser can draw; moving pictures stay as they are. */
export function isEditable(item: DraftItem): boolean {
  return item.kind === "image" && item.size !== null && typeOf(item.file) !== "image/gif";
}

export const nounOf = ({ kind }: { kind: Kind }) => (kind === "video" ? "video" : "picture");

/** "pictures", "videos", or "pictures and videos". */
export function nounsOf(items: readonly DraftItem[]): string {
  const videos = items.filter((item) => item.kind === "video").length;
  if (videos === 0) return "pictures";
  return videos === items.length ? "videos" : "pictures and videos";
}

/** The list with one entry at another place; the same list when there is no such place. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const entry = list[from];
  if (entry === undefined || from === to || to < 0 || to >= list.length) return list;
  return list.toSpliced(from, 1).toSpliced(to, 0, entry);
}

export interface Progress {
  /** Share of all bytes that have left, 0 to 1. */
  readonly share: number;
  readonly done: number;
  readonly total: number;
  /** Why nothing moves at the moment. */
  readonly held: string | null;
}

/** How far the whole post is; a file counts by its length. */
export function progressOf(items: readonly DraftItem[]): Progress {
  const bytes = items.reduce((sum, { file }) => sum + file.size, 0);
  const sent = items.reduce(
    (sum, item) => sum + (item.work ? 0 : item.upload.sent) * item.file.size,
    0,
  );
  const isMoving = items.some(({ upload }) => upload.state === "sending");
  const held = items.find(({ upload }) => upload.state === "paused")?.upload.problem ?? null;
  return {
    share: bytes === 0 ? 0 : sent / bytes,
    done: items.filter(isReady).length,
    total: items.length,
    held: isMoving ? null : held,
  };
}
