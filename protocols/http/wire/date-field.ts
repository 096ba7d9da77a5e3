import type { Clock } from "../../../src/clock.ts";

/** A time as HTTP writes it (RFC 9110, section 5.6.7), from milliseconds since 1970 UTC. */
export function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
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
