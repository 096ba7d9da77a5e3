import type { Clock } from "../../../src/clock.ts";

/** Proxies take a connection for dead that is silent for a minute. */
const BEAT_MS = 25_000;

/** What wants to be heard of. */
export interface Beating {
  beat(): void;
}

/** Lets every WebSocket of a door be heard of now and then: one timer for all, while there are any. */
export class Heartbeat {
  private readonly all = new Set<Beating>();
  private cancel: (() => void) | null = null;

  constructor(private readonly clock: Clock) {}

  /** It beats again and again, until it leaves. */
  join(one: Beating): void {
    this.all.add(one);
    if (this.cancel === null) this.arm();
  }

  leave(one: Beating): void {
    this.all.delete(one);
    if (this.all.size > 0) return;
    this.cancel?.();
    this.cancel = null;
  }

  private arm(): void {
    this.cancel = this.clock.after(BEAT_MS, () => {
      this.arm();
      for (const one of this.all) one.beat();
    });
  }
}
