// A moment as a date and time field holds it: in the time of this device, to the minute.
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A day and a time: a date alone would be read as UTC. */
const WHOLE = /^\d{4,}-\d\d-\d\dT\d\d:\d\d/;

const two = (value: number) => String(value).padStart(2, "0");

/** "2026-05-20T09:05", as `<input type="datetime-local">` takes it. */
export function toLocalField(time: number): string {
  const at = new Date(time);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The moment of a field as the API takes it; null for an empty or half-filled one. */
export function fromLocalField(text: string): string | null {
  const time = WHOLE.test(text) ? new Date(text).getTime() : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** The next full hour that is at least half an hour away: a first suggestion. */
export function soon(now = Date.now()): number {
  const hour = 60 * MINUTE_MS;
  return Math.ceil((now + hour / 2) / hour) * hour;
}

export const SCHEDULE_AHEAD_DAYS = 365;

/** Why a post cannot be planned for then; null when it can. */
export function whyNotThen(iso: string | null, now = Date.now()): string | null {
  if (iso === null) return "Choose a day and a time.";
  const time = Date.parse(iso);
  if (time <= now) return "This time has passed.";
  return time > now + SCHEDULE_AHEAD_DAYS * DAY_MS ? "At most a year ahead." : null;
}

const SOONEST_MS = 10_000;

/** When to ask again, in ms, about what comes out at this moment: then, and often until it has. */
export function lookIn(iso: string | null | undefined, now = Date.now()): number | false {
  if (!iso) return false;
  const wait = Date.parse(iso) - now + SOONEST_MS / 2;
  return Math.min(60 * MINUTE_MS, Math.max(SOONEST_MS, wait));
}

/** "29 days left", "1 day left", "Goes today". */
export function daysLeft(iso: string, now = Date.now()): string {
  const days = Math.floor((Date.parse(iso) - now) / DAY_MS);
  if (days < 1) return "Goes today";
  return days === 1 ? "1 day left" : `${days} days left`;
}
