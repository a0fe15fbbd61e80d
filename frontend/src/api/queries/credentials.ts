// What proves who somebody is: the e-mail address and the password.
import { api, take } from "../client";
import { keys } from "../keys";
import { queryClient } from "../queryClient";
import { session } from "../session";

/** The access token says whether the address is verified, and so does `me`. */
async function learnAddress(): Promise<void> {
  await session.recheck();
  await queryClient.invalidateQueries({ queryKey: keys.me });
}

/** By the link of the mail, signed in or not. */
export async function verifyByLink(token: string): Promise<void> {
  await take(api.POST("/api/v1/auth/email/verify", { body: { token } }));
  await learnAddress();
}

/** By the six digits of the mail. */
export async function verifyByCode(code: string): Promise<void> {
  await take(api.POST("/api/v1/auth/email/verify", { body: { code } }));
  await learnAddress();
}

export async function resendProof(): Promise<void> {
  await take(api.POST("/api/v1/auth/email/resend"));
}

/** Mails a code to the new address; one that was never verified is replaced at once. */
export async function changeEmail(email: string, password: string): Promise<void> {
  await take(api.POST("/api/v1/auth/email/change", { body: { email, password } }));
  await queryClient.invalidateQueries({ queryKey: keys.me });
}

export async function forgotPassword(email: string): Promise<void> {
  await take(api.POST("/api/v1/auth/password/forgot", { body: { email } }));
}

/** Ends every session of the account, also the one of this browser if it is the same person. */
export async function resetPassword(token: string, password: string): Promise<void> {
  await take(api.POST("/api/v1/auth/password/reset", { body: { token, password } }));
}

export async function changePassword(old_password: string, password: string): Promise<void> {
  await take(api.POST("/api/v1/auth/password/change", { body: { old_password, password } }));
}

/** Hides the account until the next log-in; every session ends. */
export async function deactivate(password: string): Promise<void> {
  await take(api.POST("/api/v1/me/deactivate", { body: { password } }));
  session.end();
}

/** Hides the account at once; returns when it is erased. Every session ends. */
export async function askToDelete(password: string): Promise<string> {
  const answer = await take(api.POST("/api/v1/me/delete", { body: { password } }));
  session.end();
  return answer.delete_after;
}

/** Stay after all. */
export async function cancelDelete(): Promise<void> {
  await take(api.POST("/api/v1/me/delete/cancel"));
  await session.recheck(); // for an access token that opens more than the way back
  await queryClient.invalidateQueries();
}
