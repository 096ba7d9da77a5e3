import type { Clock } from "../../../src/clock.ts";

/** A time as HTTP writes it (RFC 9110, section 5.6.7), from milliseconds since 1970 UTC. */
export function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

/** As it is written now, and as RFC 850 and C's asctime wrote it. */
const FORMS = [
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/,
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [\d ]\d \d\d:\d\d:\d\d \d{4}$/,
];

/** Milliseconds since 1970 UTC of a time in one of the three forms of RFC 9110, section 5.6.7; null: it is none. */
export function readHttpDate(text: string): number | null {
  if (!FORMS.some((form) => form.test(text))) return null;
  const time = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(time) ? null : time;
}

/** The `Date` line of answers, made once a second, because that is most of what a small answer costs. */
export class DateField {
  private second = Number.NaN;
  private line = "";

  constructor(private readonly clock: Clock) {}

  get text(): string {
    const second = Math.floor(this.clock.now() / 1000);
    if (second !== this.second) {
      this.second = second;
      this.line = `Date: ${httpDate(second * 1000)}\r\n`;
    }
    return this.line;
  }
}
