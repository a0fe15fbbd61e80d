// What this server takes, and why a file is not taken: told before a byte of it is sent.

import { bytes, plural } from "@/lib/text";
import type { Size } from "../edit/crop";

export interface UploadRules {
  readonly imageTypes: readonly string[];
  /** None when the server makes no videos. */
  readonly videoTypes: readonly string[];
  readonly imageBytes: number;
  readonly imagePixels: number;
  /** By type, for those that take more memory to read than others. */
  readonly pixelsOf: Readonly<Record<string, number>>;
  readonly imageSide: number;
  readonly videoBytes: number;
  readonly videoSeconds: number;
  readonly maxCount: number;
  /** What the person may still add; null until that is known. */
  readonly left: Left | null;
}

export interface Left {
  readonly bytes: number;
  readonly maxBytes: number;
  /** Within 24 hours. */
  readonly files: number;
  readonly maxFiles: number;
}

export type Kind = "image" | "video";

/** A file that is not taken. */
export interface Refusal {
  readonly name: string;
  readonly reason: string;
}

// Not every system knows the newer types, and then gives none.
const BY_EXTENSION: Readonly<Record<string, string>> = {
  heic: "image/heic",
  heif: "image/heif",
  avif: "image/avif",
  mov: "video/quicktime",
  mp4: "video/mp4",
  m4v: "video/mp4",
  webm: "video/webm",
};

const NAMES: Readonly<Record<string, string>> = {
  "image/jpeg": "JPEG",
  "image/png": "PNG",
  "image/webp": "WebP",
  "image/gif": "GIF",
  "image/avif": "AVIF",
  "image/heic": "HEIC",
};

/** Cameras play a little past the last second. */
const GRACE_MS = 500;

export function typeOf(file: File): string {
  const extension = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  return file.type || BY_EXTENSION[extension] || "";
}

export function kindOf(file: File): Kind {
  return typeOf(file).startsWith("video/") ? "video" : "image";
}

/** What a file picker offers: types, and endings for systems that do not know these types. */
export function acceptOf({ imageTypes, videoTypes }: UploadRules): string {
  const types = [...imageTypes, ...videoTypes];
  const endings = Object.entries(BY_EXTENSION).filter(([, type]) => types.includes(type));
  return [...types, ...endings.map(([ending]) => `.${ending}`)].join(",");
}

/** "JPEG, PNG and WebP up to 50 MB" and, where there are videos, what they may be. */
export function describeRules(rules: UploadRules): string[] {
  const names = rules.imageTypes.flatMap((type) => NAMES[type] ?? []);
  const lines = [`${names.join(", ")} up to ${bytes(rules.imageBytes)}`];
  if (rules.videoTypes.length > 0) {
    lines.push(`Videos up to ${rules.videoSeconds} seconds and ${bytes(rules.videoBytes)}`);
  }
  return [...lines, `At most ${rules.maxCount} in one post`];
}

const FULL = (left: Left) => `Your ${bytes(left.maxBytes)} are full. Delete something first.`;
const TODAY = (left: Left) =>
  `You can add ${left.maxFiles} files in 24 hours, and you have. Go on tomorrow.`;

/** What the person may still add, or why it is nothing. */
export function describeLeft(left: Left): { readonly text: string; readonly isNone: boolean } {
  if (left.bytes <= 0) return { text: FULL(left), isNone: true };
  if (left.files <= 0) return { text: TODAY(left), isNone: true };
  const text = `You have ${bytes(left.bytes)} left, and ${plural(left.files, "upload")} today.`;
  return { text, isNone: false };
}

/** Why a file is more than the person may add beside those that are still on their way. */
export function refusalByLeft(
  file: File,
  onTheirWay: readonly File[],
  { left }: UploadRules,
): Refusal | null {
  if (!left) return null;
  const { name, size } = file;
  const room = onTheirWay.reduce((sum, other) => sum - other.size, left.bytes);
  if (left.bytes <= 0) return { name, reason: FULL(left) };
  if (size > room) {
    const reason = `It has ${bytes(size)}; you have ${bytes(Math.max(0, room))} left.`;
    return { name, reason };
  }
  return left.files > onTheirWay.length ? null : { name, reason: TODAY(left) };
}

function reasonByName(file: File, rules: UploadRules): string | null {
  const type = typeOf(file);
  if (![...rules.imageTypes, ...rules.videoTypes].includes(type)) {
    return type.startsWith("video/") && rules.videoTypes.length === 0
      ? "This server takes no videos."
      : "This kind of file cannot be shared here.";
  }
  if (file.size === 0) return "The file is empty.";
  const most = kindOf(file) === "video" ? rules.videoBytes : rules.imageBytes;
  if (file.size <= most) return null;
  const [has, limit] = [bytes(file.size), bytes(most)];
  return has === limit ? `It has more than ${limit}.` : `It has ${has}; the limit is ${limit}.`;
}

/** Why a file is not taken, as far as its name and length tell; null when it may be. */
export function refusal(file: File, rules: UploadRules): Refusal | null {
  const reason = reasonByName(file, rules);
  return reason === null ? null : { name: file.name, reason };
}

/** What was found out by opening the file; null where this browser cannot. */
export interface Inspected {
  readonly size: Size | null;
  readonly durationMs: number | null;
  /** A small picture of it. */
  readonly preview: Blob | null;
}

const megapixels = (pixels: number) => `${Math.round(pixels / 1_000_000)} megapixels`;

/** How many pixels a picture of this type may have. */
export function mostPixels(file: File, rules: UploadRules): number {
  return rules.pixelsOf[typeOf(file)] ?? rules.imagePixels;
}

function reasonInside(file: File, { size, durationMs }: Inspected, rules: UploadRules) {
  if (durationMs !== null && durationMs > rules.videoSeconds * 1000 + GRACE_MS) {
    const seconds = Math.ceil(durationMs / 1000);
    return `It plays ${plural(seconds, "second")}; the limit is ${rules.videoSeconds}.`;
  }
  if (kindOf(file) === "video" || !size) return null;
  const most = mostPixels(file, rules);
  const pixels = size.width * size.height;
  if (pixels > most) return `It has ${megapixels(pixels)}; the limit is ${megapixels(most)}.`;
  const side = Math.max(size.width, size.height);
  return side > rules.imageSide
    ? `A side has ${side} pixels; the limit is ${rules.imageSide}.`
    : null;
}

/** Why a file is not taken, now that it has been opened; null when it is. */
export function refusalInside(file: File, found: Inspected, rules: UploadRules): Refusal | null {
  const reason = reasonInside(file, found, rules);
  return reason === null ? null : { name: file.name, reason };
}
