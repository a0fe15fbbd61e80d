// What this browser remembers of a mailed code: when it was sent, and to which new address.
import { store, stored } from "@/lib/storage";

const SENT_AT = "jyoti.code.sentAt";
const NEW_ADDRESS = "jyoti.code.address";
const PAUSE_MS = 60_000;
const LIFE_MS = 60 * 60_000;

export function codeSent(now = Date.now()): void {
  store(SENT_AT, String(now));
}

/** From when on another one may be asked for. */
export function nextCodeAt(): number {
  return Number(stored(SENT_AT) ?? 0) + PAUSE_MS;
}

/** A change of address waits for its code; `userId` keeps it from the next person here. */
export function awaitAddress(userId: string, address: string): void {
  store(NEW_ADDRESS, `${userId} ${address}`);
  codeSent();
}

export function forgetAddress(): void {
  store(NEW_ADDRESS, "");
}

/** The new address of this person that waits for a code, or null; a code is good for an hour. */
export function awaitedAddress(userId: string, now = Date.now()): string | null {
  const [of, address] = (stored(NEW_ADDRESS) ?? "").split(" ");
  const isLive = Number(stored(SENT_AT) ?? 0) + LIFE_MS > now;
  return of === userId && address && isLive ? address : null;
}
