// The typed API client: Bearer token, one refresh and one retry on 401, problems as `ApiError`.
import createClient from "openapi-fetch";
import { takeBootAnswer } from "./boot";
import { offline, problemOf } from "./problem";
import type { paths } from "./schema";
import { session } from "./session";

function withToken(request: Request, token: string | null): Request {
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw offline();
  }
}

/** `fetch` as the signed-in person; an expired token is renewed and the request sent once more. */
export async function authorizedFetch(request: Request): Promise<Response> {
  const early = await takeBootAnswer(request)?.catch(() => null);
  if (early?.ok) return early;
  const token = await session.token();
  const again = request.clone();
  const response = await reach(withToken(request, token));
  if (response.status !== 401 || !token) return response;
  const renewed = await session.refresh(token);
  return renewed ? reach(withToken(again, renewed)) : response;
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: authorizedFetch });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; throws `ApiError` for every other one. */
export async function take<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(response.status, error, response.headers.get("Retry-After"));
  return data as T;
}

/** The cursor in the address of the next page. */
export function cursorOf(next: string | null): string | undefined {
  if (!next) return undefined;
  return new URL(next, location.origin).searchParams.get("cursor") ?? undefined;
}

/** Query parameters of a page; the first one has no cursor. */
export function pageQuery(limit: number, cursor: string | undefined) {
  return cursor ? { limit, cursor } : { limit };
}
