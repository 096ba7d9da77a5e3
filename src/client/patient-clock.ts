import { type Clock, systemClock } from "../clock.ts";

/** The machine's clock for a program that waits: unlike the daemon's, its timers keep the process alive. */
export const patientClock: Clock = {
  now: systemClock.now,
  mono: systemClock.mono,
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};
