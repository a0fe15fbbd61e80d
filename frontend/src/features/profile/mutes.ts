// What can be muted of a person, and for how long, in words.
import type { Mute, MuteScope } from "@/api/queries/relations";
import { calendarDate, clockTime } from "@/lib/time";

const HOUR_MS = 3_600_000;

export const SCOPES: readonly { readonly value: MuteScope; readonly label: string }[] = [
  { value: "posts", label: "Posts" },
  { value: "stories", label: "Stories" },
  { value: "messages", label: "Messages" },
];

export type Span = "8h" | "day" | "week" | "always";

export const SPANS: readonly { readonly value: Span; readonly label: string }[] = [
  { value: "8h", label: "8 hours" },
  { value: "day", label: "A day" },
  { value: "week", label: "A week" },
  { value: "always", label: "Until I undo it" },
];

const HOURS: Readonly<Record<Span, number | null>> = { "8h": 8, day: 24, week: 168, always: null };

/** When a mute of this length ends; null for one that does not end by itself. */
export function endOf(span: Span, now = Date.now()): string | null {
  const hours = HOURS[span];
  return hours === null ? null : new Date(now + hours * HOUR_MS).toISOString();
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** "Posts and stories, until 3 March, 14:05". */
export function muteInWords({ scopes, until }: Mute, now = Date.now()): string {
  const all = SCOPES.filter(({ value }) => scopes.includes(value)).map(({ label }) => label);
  const [first = "", ...rest] = all;
  const what = listed([first, ...rest.map((word) => word.toLowerCase())]);
  if (until === null) return what;
  const isSoon = Date.parse(until) - now < 24 * HOUR_MS;
  const when = isSoon ? clockTime(until) : `${calendarDate(until, now)}, ${clockTime(until)}`;
  return `${what}, until ${when}`;
}
