/** Ages, past and future, in the few shapes the window uses. Time is an argument; nothing here reads the clock. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const count = new Intl.NumberFormat("en");
const compactCount = new Intl.NumberFormat("en", { notation: "compact" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const dayMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const utc = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });

/** British English abbreviates September with four letters; three keep the columns even. */
function short(format: Intl.DateTimeFormat, at: number): string {
  return format.format(at).replace("Sept", "Sep");
}

/** `83 d`, from 730 days on `24 mo`; `≥` where only a lower bound is known. */
export function age(days: number, atLeast: boolean): string {
  const value = days >= 730 ? `${count.format(Math.floor(days / 30.4375))} mo` : `${count.format(days)} d`;
  return atLeast ? `≥ ${value}` : value;
}

/** `now`, `4 min`, `2 h`, `12 d`, then a date. */
export function past(at: string, now: number): string {
  const gone = now - Date.parse(at);
  if (gone < MINUTE) return "now";
  if (gone < HOUR) return `${Math.floor(gone / MINUTE)} min`;
  if (gone < DAY) return `${Math.floor(gone / HOUR)} h`;
  if (gone < 30 * DAY) return `${Math.floor(gone / DAY)} d`;
  return short(date, Date.parse(at));
}

/** `just now`, `4 min ago`; dates stand alone. */
export function ago(at: string, now: number): string {
  const text = past(at, now);
  if (text === "now") return "just now";
  return /^\d+ (min|h|d)$/.test(text) ? `${text} ago` : text;
}

/** Within 48 hours a weekday and a time, later `in 14 d`. */
export function deadline(at: string, now: number): string {
  const left = Date.parse(at) - now;
  if (left <= 48 * HOUR) return moment(at);
  return `in ${Math.floor(left / DAY)} d`;
}

/** `Sun 22 Nov 14:05`, in the person's own time. */
export const moment = (at: string): string => `${short(weekday, Date.parse(at)).replace(",", "")} ${clock.format(Date.parse(at))}`;
/** What data are as of: a time today, else a day and a time. */
export const asOf = (at: string, now: number): string => (dayOf(at) === dayOf(new Date(now).toISOString()) ? clock.format(Date.parse(at)) : moment(at));
export const day = (at: string): string => short(date, Date.parse(at));
export const shortDay = (at: string): string => short(dayMonth, Date.parse(at));
export const timeOfDay = (at: string): string => clock.format(Date.parse(at));
/** Local time, then UTC: for titles. */
export const exact = (at: string): string => `${full.format(Date.parse(at))} · ${utc.format(Date.parse(at))} UTC`;

/** `0.8 s`, `12 s`, `2 min 5 s`. */
export function took(ms: number): string {
  if (ms < 50) return "<0.1 s";
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < MINUTE) return `${Math.round(ms / 1000)} s`;
  const seconds = Math.round((ms % MINUTE) / 1000);
  return `${Math.floor(ms / MINUTE)} min${seconds ? ` ${seconds} s` : ""}`;
}

/** `0:42` */
export function countdown(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

export const number = (value: number): string => count.format(value);
/** `1.8K`: where a few figures are all there is room for. */
export const compact = (value: number): string => compactCount.format(value);

export function dayOf(at: string): string {
  const moment = new Date(at);
  return `${moment.getFullYear()}-${moment.getMonth()}-${moment.getDate()}`;
}

/** A heading of a day: `Today`, `Yesterday`, `Thu 12 Nov`, `12 Sep 2025`. */
export function dayHeading(at: string, now: number): string {
  if (dayOf(at) === dayOf(new Date(now).toISOString())) return "Today";
  if (dayOf(at) === dayOf(new Date(now - DAY).toISOString())) return "Yesterday";
  return now - Date.parse(at) < 180 * DAY ? short(weekday, Date.parse(at)).replace(",", "") : short(date, Date.parse(at));
}
