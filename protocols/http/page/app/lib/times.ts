import type { Strings } from "../text/strings.ts";

const DAY_MS = 24 * 3600_000;

/** Making a format takes longer than drawing the line that it is for. */
class Formats {
  readonly #made = new Map<string, Intl.DateTimeFormat>();

  constructor(private readonly options: Intl.DateTimeFormatOptions) {}

  /** @param tag of the language */
  in(tag: string): Intl.DateTimeFormat {
    const made = this.#made.get(tag) ?? new Intl.DateTimeFormat(tag, this.options);
    this.#made.set(tag, made);
    return made;
  }
}

const clock = new Formats({ hour: "2-digit", minute: "2-digit" });
const full = new Formats({ dateStyle: "full", timeStyle: "short" });

/** `14:05`, in the reader's own time. */
export function clockTime(time: string, tag: string): string {
  return clock.in(tag).format(new Date(time));
}

/** Date and time in full, for whoever points at a time. */
export function fullTime(time: string | number, tag: string): string {
  return full.in(tag).format(new Date(time));
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
