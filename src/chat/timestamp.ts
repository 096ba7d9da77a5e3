import type { Clock } from "../clock.ts";

/** The time of an event: RFC 3339, UTC, milliseconds. */
export function timestamp(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
