// Uploads with progress: only XMLHttpRequest tells how many bytes have left.
import { offline, problemOf } from "./problem";
import { session } from "./session";

export interface Upload<T> {
  readonly answer: Promise<T>;
  readonly cancel: () => void;
}

export interface UploadOptions {
  /** Share of the body that has been sent, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly idempotencyKey?: string;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Sends a form as the signed-in person; renews the token once. A cancelled upload rejects with `AbortError`. */
export function upload<T>(
  method: "POST" | "PUT",
  url: string,
  form: FormData,
  options: UploadOptions = {},
): Upload<T> {
  const abort = new AbortController();

  const send = (token: string | null) =>
    new Promise<XMLHttpRequest>((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      if (token) request.setRequestHeader("Authorization", `Bearer ${token}`);
      if (options.idempotencyKey)
        request.setRequestHeader("Idempotency-Key", options.idempotencyKey);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) options.onProgress?.(event.loaded / event.total);
      });
      request.addEventListener("load", () => resolve(request));
      request.addEventListener("error", () => reject(offline()));
      request.addEventListener("abort", () => reject(abort.signal.reason));
      abort.signal.addEventListener("abort", () => request.abort());
      request.send(form);
    });

  const run = async (): Promise<T> => {
    const token = await session.token();
    abort.signal.throwIfAborted();
    let request = await send(token);
    if (request.status === 401 && token) request = await send(await session.refresh(token));
    const body = parsed(request.responseText);
    if (request.status >= 200 && request.status < 300) return body as T;
    throw problemOf(request.status, body, request.getResponseHeader("Retry-After"));
  };

  return { answer: run(), cancel: () => abort.abort() };
}
