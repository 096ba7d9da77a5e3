import type { Strings } from "../text/strings.ts";

const DAY_MS = 24 * 3600_000;

/** `14:05`, in the reader's own time. */
export function clockTime(time: string, tag: string): string {
  return new Date(time).toLocaleTimeString(tag, { hour: "2-digit", minute: "2-digit" });
}

/** By language: making one takes longer than drawing the line that it is for. */
const fullFormats = new Map<string, Intl.DateTimeFormat>();

/** Date and time in full, for whoever points at a time. */
export function fullTime(time: string | number, tag: string): string {
  let format = fullFormats.get(tag);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(tag, { dateStyle: "full", timeStyle: "short" });
    fullFormats.set(tag, format);
  }
  return format.format(new Date(time));
}

/** `Today`, `Yesterday`, or the date. */
export function dayName(time: string, now: number, text: Strings): string {
  const date = new Date(time);
  if (date.toDateString() === new Date(now).toDateString()) return text.today;
  if (date.toDateString() === new Date(now - DAY_MS).toDateString()) return text.yesterday;
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString(text.tag, {
    weekday: "long",
    month: "long",
    day: "numeric",
    ...(!isThisYear && { year: "numeric" }),
  });
}

/** When a file was changed, as shortly as it is clear: a time for today, else a date. */
export function shortTime(time: number, now: number, tag: string): string {
  const date = new Date(time);
  if (date.toDateString() === new Date(now).toDateString()) return clockTime(date.toISOString(), tag);
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString(tag, { month: "short", day: "numeric", ...(!isThisYear && { year: "numeric" }) });
}
