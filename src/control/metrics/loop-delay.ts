import type { Clock } from "../../clock.ts";

const EVERY_MS = 250;
/** Nobody looks any more when nobody has looked for so long. */
const WATCHED_MS = 5 * 60_000;

/**
 * How late the loop is for what is due, in seconds: a timer four times a second, from the first look until nobody has
 * looked for five minutes, so that a daemon that is not watched is not woken by it.
 */
export class LoopDelay {
  private until = 0;
  private running = false;

  constructor(
    private readonly clock: Clock,
    private readonly observe: (seconds: number) => void,
  ) {}

  /** Somebody looks at it. */
  watch(): void {
    this.until = this.clock.mono() + WATCHED_MS;
    if (!this.running) this.measure();
  }

  private measure(): void {
    const due = this.clock.mono() + EVERY_MS;
    this.running = due < this.until;
    if (!this.running) return;
    this.clock.after(EVERY_MS, () => {
      this.observe(Math.max(0, this.clock.mono() - due) / 1000);
      this.measure();
    });
  }
}
