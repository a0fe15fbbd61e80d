// Signing up, in and out.
import { api, take } from "../client";
import { keys } from "../keys";
import { queryClient } from "../queryClient";
import { session } from "../session";
import type { Me } from "../types";

export interface Registration {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly display_name?: string;
  readonly invite?: string;
}

function enter({ access, user }: { access: string; user: Me }): void {
  queryClient.clear();
  queryClient.setQueryData(keys.me, user);
  session.adopt(access);
}

export async function register(body: Registration): Promise<void> {
  enter(await take(api.POST("/api/v1/auth/register", { body })));
}

/** Signs in; or gives the token of the second step, where there is one. */
export async function logIn(login: string, password: string): Promise<string | null> {
  const answer = await take(api.POST("/api/v1/auth/login", { body: { login, password } }));
  if ("mfa_token" in answer) return answer.mfa_token;
  enter(answer);
  return null;
}

/** The second step: a code of the authenticator, or a recovery code. */
export async function logInSecond(mfaToken: string, code: string): Promise<void> {
  const body = { mfa_token: mfaToken, code };
  enter(await take(api.POST("/api/v1/auth/login/mfa", { body })));
}

/** Ends this session here even when the server cannot be told. */
export async function logOut(): Promise<void> {
  await take(api.POST("/api/v1/auth/logout", { body: {} })).catch(() => undefined);
  session.end();
}

export async function logOutEverywhere(): Promise<void> {
  await take(api.POST("/api/v1/auth/logout-all"));
  session.end();
}

export function usernameAvailable(q: string, signal: AbortSignal) {
  return take(api.GET("/api/v1/auth/username-available", { params: { query: { q } }, signal }));
}

export async function webSocketTicket(): Promise<string> {
  return (await take(api.POST("/api/v1/auth/ws-ticket"))).ticket;
}
