// What went wrong with a request, as the API tells it (RFC 9457) or as the network does.
import type { Problem } from "./types";

export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** 0 when no answer came at all. */
    readonly status: number,
    /** The stable code of the problem, or `offline`. */
    readonly code: string,
    message: string,
    /** Message by field name. */
    readonly fields: Readonly<Record<string, string>> = {},
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
  }

  get isNotFound(): boolean {
    return this.status === 404;
  }

  /** Nothing is wrong with the request itself: the same one may succeed later. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export const offline = () =>
  new ApiError(0, "offline", "The server cannot be reached. Check your connection.");

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body;
}

function retryAfter(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) ? seconds : null;
}

/** The error of an answer that is not 2xx. */
export function problemOf(status: number, body: unknown, retryHeader: string | null): ApiError {
  const retry = retryAfter(retryHeader);
  if (!isProblem(body)) {
    return new ApiError(status, "unexpected", "Something went wrong on the server.", {}, retry);
  }
  const fields: Record<string, string> = {};
  for (const error of body.errors ?? []) fields[error.field] ??= error.message;
  const wait = status === 429 && retry !== null ? ` Try again in ${wholeTime(retry)}.` : "";
  return new ApiError(status, body.code, (body.detail || body.title) + wait, fields, retry);
}

function wholeTime(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.ceil(seconds))} s`;
  return `${Math.ceil(seconds / 60)} min`;
}

/** One sentence for people, whatever was thrown. */
export function sentence(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return "Something went wrong.";
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, "unexpected", "Something went wrong.");
}
