// Where somebody is signed in, the second factor, and personal tokens.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../client";
import { queryClient } from "../queryClient";
import type { NewToken, TokenDays, TokenScope } from "../types";

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: () => take(api.GET("/api/v1/auth/sessions")),
});

/** Signs out there; the list is asked for anew when all are done, also after a failure. */
export async function endSessions(ids: readonly string[]): Promise<void> {
  try {
    for (const id of ids) {
      const params = { path: { session_id: id } };
      await take(api.DELETE("/api/v1/auth/sessions/{session_id}", { params }));
    }
  } finally {
    await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  }
}

export const secondFactorQuery = queryOptions({
  queryKey: ["second-factor"],
  queryFn: () => take(api.GET("/api/v1/auth/mfa")),
});

const learnSecondFactor = () =>
  queryClient.invalidateQueries({ queryKey: secondFactorQuery.queryKey });

/** A new secret; it counts from the first right code on. */
export function beginTotp(password: string) {
  return take(api.POST("/api/v1/auth/mfa/totp", { body: { password } }));
}

/** Switches it on; the recovery codes are told only now. */
export async function confirmTotp(code: string): Promise<readonly string[]> {
  const answer = await take(api.POST("/api/v1/auth/mfa/totp/confirm", { body: { code } }));
  void learnSecondFactor();
  return answer.recovery_codes;
}

export async function removeTotp(password: string): Promise<void> {
  // OpenAPI knows no body of DELETE.
  await take(api.DELETE("/api/v1/auth/mfa/totp", { body: { password } as never }));
  await learnSecondFactor();
}

/** New ones; the old ones are void. */
export async function renewRecoveryCodes(password: string): Promise<readonly string[]> {
  const answer = await take(api.POST("/api/v1/auth/mfa/recovery-codes", { body: { password } }));
  void learnSecondFactor();
  return answer.recovery_codes;
}

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: () => take(api.GET("/api/v1/auth/tokens")),
});

const learnTokens = () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey });

export interface TokenWish {
  readonly name: string;
  readonly scopes: TokenScope[];
  readonly days: TokenDays;
  readonly password: string;
}

/** Its text is told only now. */
export async function createToken(body: TokenWish): Promise<NewToken> {
  const made = await take(api.POST("/api/v1/auth/tokens", { body }));
  void learnTokens();
  return made;
}

export async function removeToken(id: string): Promise<void> {
  const params = { path: { token_id: id } };
  await take(api.DELETE("/api/v1/auth/tokens/{token_id}", { params }));
  await learnTokens();
}
