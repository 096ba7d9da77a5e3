/**
 * Time as it is passed in. Nothing in `bytes`, `net`, `chat` or a protocol reads a global clock, so that a test can
 * move time by hand instead of sleeping.
 */
export interface Clock {
  /** Milliseconds since 1970 UTC, for what people and events show. May jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds on a clock that never jumps, for deadlines and rates. */
  mono(): number;
  /** Calls `fn` once after `ms` milliseconds; the function that is returned cancels it. Never keeps the process alive. */
  after(ms: number, fn: () => void): () => void;
}

/** The longest that the system's timers wait (24.8 days): one that is set for longer fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  mono: () => performance.now(),
  after(ms, fn) {
    let timer: Timer;
    const wait = (left: number) => {
      const next = left > LONGEST_MS ? () => wait(left - LONGEST_MS) : fn;
      timer = setTimeout(next, Math.min(left, LONGEST_MS));
      timer.unref();
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};
