import type { Clock } from "../clock.ts";

/** Something with deadlines. */
export interface Timed {
  /** Acts on every deadline that has passed; returns when the next one is due on the clock's `mono`, or Infinity. */
  checkDeadlines(now: number): number;
}

/** Deadlines may be met this much late: it bounds how often 10,000 connections are looked at. */
const SLACK_MS = 100;

/**
 * One timer for all deadlines. A deadline that is pushed back by every byte costs nothing when it is pushed: the sweep
 * that finds it not yet due works out when to look again.
 */
export class Sweeper {
  private wakeAt = Number.POSITIVE_INFINITY;
  private cancel: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly all: () => Iterable<Timed>,
  ) {}

  /** A deadline is due at `at`: wakes no later than that (plus slack). */
  expect(at: number): void {
    if (at >= this.wakeAt) return;
    this.cancel?.();
    this.wakeAt = at;
    this.cancel = this.clock.after(Math.max(0, at - this.clock.mono()), () => this.sweep());
  }

  private sweep(): void {
    const now = this.clock.mono();
    this.wakeAt = Number.POSITIVE_INFINITY;
    this.cancel = null;
    let next = Number.POSITIVE_INFINITY;
    for (const timed of this.all()) {
      const due = timed.checkDeadlines(now);
      if (due < next) next = due;
    }
    if (next !== Number.POSITIVE_INFINITY) this.expect(Math.max(next, now + SLACK_MS));
  }
}
