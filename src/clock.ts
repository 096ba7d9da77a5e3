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

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  mono: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
