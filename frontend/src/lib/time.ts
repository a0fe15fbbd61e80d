// Times as people read them.
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const fullDate = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "long",
  year: "numeric",
});
const fullTime = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const dayAndClock: Intl.DateTimeFormatOptions = {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "numeric",
  minute: "2-digit",
};
const moment = new Intl.DateTimeFormat(undefined, dayAndClock);
const momentOfYear = new Intl.DateTimeFormat(undefined, { ...dayAndClock, year: "numeric" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long" });

/** "now", "5m", "3h", "2d", then the date. */
export function shortAge(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < MINUTE) return "now";
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}m`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)}h`;
  if (seconds < WEEK) return `${Math.floor(seconds / DAY)}d`;
  return calendarDate(iso, now);
}

/** "just now", "5 minutes ago", "yesterday", then the date. */
export function inWords(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 2 * MINUTE) return "just now";
  if (seconds < HOUR) return relative.format(-Math.floor(seconds / MINUTE), "minute");
  if (seconds < DAY) return relative.format(-Math.floor(seconds / HOUR), "hour");
  if (seconds < WEEK) return relative.format(-Math.floor(seconds / DAY), "day");
  return calendarDate(iso, now);
}

/** "3 March", with the year when it is another one. */
export function calendarDate(iso: string, now = Date.now()): string {
  const date = new Date(iso);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dayAndMonth : fullDate).format(date);
}

/** "3 March 2027". */
export function longDate(iso: string): string {
  return fullDate.format(new Date(iso));
}

export function exactTime(iso: string): string {
  return fullTime.format(new Date(iso));
}

/** "Mon 3 Mar, 09:05", with the year when it is another one. */
export function shortMoment(iso: string, now = Date.now()): string {
  const at = new Date(iso);
  const sameYear = at.getFullYear() === new Date(now).getFullYear();
  return (sameYear ? moment : momentOfYear).format(at);
}

export function clockTime(iso: string): string {
  return clock.format(new Date(iso));
}

function midnight(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** The heading over a day of messages: Today, Yesterday, a weekday, then the date. */
export function dayHeading(iso: string, now = Date.now()): string {
  const days = Math.round((midnight(now) - midnight(Date.parse(iso))) / (DAY * 1000));
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  return days < 7 ? weekday.format(new Date(iso)) : fullDate.format(new Date(iso));
}

/** The group of a notification. */
export function ageGroup(iso: string, now = Date.now()): "Today" | "This week" | "Earlier" {
  const days = (midnight(now) - midnight(Date.parse(iso))) / (DAY * 1000);
  if (days < 1) return "Today";
  return days < 7 ? "This week" : "Earlier";
}

/** Length of a video: "0:07", "1:00". */
export function playTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
