import type { Clock } from "../../src/clock.ts";

/** A clock that only moves when a test moves it; timers fire in their order while it moves. */
export class HandClock implements Clock {
  private time = 1_000_000;
  private timers: { at: number; fn: () => void }[] = [];

  now(): number {
    return Date.UTC(2026, 0, 2, 3, 4, 5, 678) + this.time - 1_000_000;
  }

  mono(): number {
    return this.time;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { at: this.time + ms, fn };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Timers that have neither fired nor been cancelled. */
  get waiting(): number {
    return this.timers.length;
  }

  move(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((other) => other !== due);
      this.time = Math.max(this.time, due.at);
      due.fn();
    }
    this.time = end;
  }
}
