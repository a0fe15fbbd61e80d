// Large files go straight to the store, in parts where it takes them so: what has arrived is not sent again.

import { authorizedFetch } from "./client";
import { ApiError, offline, problemOf } from "./problem";
import type { Media } from "./types";
import type { Upload, UploadOptions } from "./upload";

interface Part {
  readonly number: number;
  readonly url: string;
  readonly bytes: number;
}

/** Leave to send one file, as `POST media/uploads` gives it. */
interface Leave {
  readonly id: string;
  readonly method: "POST" | "PUT";
  readonly url: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly content_type: string;
  readonly parts: readonly Part[];
}

/** The store cannot be reached from here, or the server knows no direct uploads: it takes the file itself. */
export class NoDirectWayError extends Error {
  override readonly name = "NoDirectWayError";
}

const UPLOADS = "/api/v1/media/uploads";
const PART_TRIES = 3;

interface Given {
  readonly id: string;
  /** The length of every part but the last; 0 for a file that is not sent in parts. */
  readonly partBytes: number;
}

/** Leaves that were given and not used up, by the upload's key: another try goes on with them. */
const given = new Map<string, Given>();

async function ask<T>(
  method: string,
  path: string,
  signal: AbortSignal,
  body?: object,
  key?: string,
) {
  const headers = new Headers({ "Content-Type": "application/json" });
  if (key) headers.set("Idempotency-Key", key);
  const init = { method, headers, signal, ...(body && { body: JSON.stringify(body) }) };
  const response = await authorizedFetch(new Request(new URL(path, location.origin), init));
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  throw problemOf(response.status, answer, response.headers.get("Retry-After"));
}

interface Transfer {
  readonly method: string;
  readonly url: string;
  readonly body: Blob | FormData;
  readonly type: string | null;
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

/** To an address that is signed itself: no token goes there. */
function transfer({ method, url, body, type, signal, onProgress }: Transfer): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, new URL(url, location.origin));
    if (type) request.setRequestHeader("Content-Type", type);
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    request.addEventListener("load", () => {
      const { status } = request;
      if (status >= 200 && status < 300) resolve();
      else reject(new ApiError(status, "store_refused", "The store did not take the file."));
    });
    request.addEventListener("error", () => reject(offline()));
    request.addEventListener("abort", () => reject(signal.reason));
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

async function leaveFor(
  file: File,
  type: string,
  key: string,
  signal: AbortSignal,
): Promise<Leave> {
  const known = given.get(key);
  if (known !== undefined) {
    try {
      return await ask<Leave>("GET", `${UPLOADS}/${known.id}`, signal);
    } catch (error) {
      if (!(error instanceof ApiError) || error.isTransient) throw error;
      given.delete(key); // it has ended
    }
  }
  const body = { filename: file.name, bytes: file.size, content_type: type };
  try {
    const leave = await ask<Leave>("POST", UPLOADS, signal, body);
    given.set(key, { id: leave.id, partBytes: leave.parts[0]?.bytes ?? 0 });
    return leave;
  } catch (error) {
    const isUnknown = error instanceof ApiError && [404, 405].includes(error.status);
    throw isUnknown ? new NoDirectWayError() : error;
  }
}

/** One after the other, each tried again by itself: the connection is the narrow place. */
async function sendParts(
  file: File,
  parts: readonly Part[],
  partBytes: number,
  signal: AbortSignal,
  onProgress: (bytes: number) => void,
): Promise<void> {
  let sent = file.size - parts.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { number, url, bytes } of parts) {
    const from = (number - 1) * partBytes;
    const piece = file.slice(from, from + bytes);
    const tell = (more: number) => onProgress(sent + more);
    for (let tries = 1; ; tries += 1) {
      try {
        await transfer({ method: "PUT", url, body: piece, type: null, signal, onProgress: tell });
        break;
      } catch (error) {
        if (signal.aborted || tries === PART_TRIES) throw error;
      }
    }
    sent += bytes;
  }
}

async function sendWhole(
  file: File,
  leave: Leave,
  signal: AbortSignal,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const { method, url, fields, content_type: type } = leave;
  if (!url) throw new NoDirectWayError();
  if (method === "PUT") {
    await transfer({ method, url, body: file, type, signal, onProgress });
    return;
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  await transfer({ method, url, body: form, type: null, signal, onProgress });
}

async function send(file: File, type: string, options: UploadOptions, signal: AbortSignal) {
  const key = options.idempotencyKey ?? "";
  const leave = await leaveFor(file, type, key, signal);
  const tell = (bytes: number) => options.onProgress?.(Math.min(1, bytes / file.size));
  try {
    const partBytes = given.get(key)?.partBytes ?? 0;
    if (partBytes > 0) await sendParts(file, leave.parts, partBytes, signal, tell);
    else await sendWhole(file, leave, signal, tell);
  } catch (error) {
    // A store that cannot be reached from here: a firewall, or a policy that does not name it.
    const isOutOfReach = error instanceof ApiError && error.code === "offline";
    throw isOutOfReach && navigator.onLine ? new NoDirectWayError() : error;
  }
  const media = await ask<Media>("POST", `${UPLOADS}/${leave.id}/complete`, signal, undefined, key);
  given.delete(key);
  return media;
}

/** Sends past the server. Rejects with NoDirectWayError when it has to take the file itself. */
export function uploadDirectly(file: File, type: string, options: UploadOptions): Upload<Media> {
  const abort = new AbortController();
  return { answer: send(file, type, options, abort.signal), cancel: () => abort.abort() };
}
