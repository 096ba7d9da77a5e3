import type { Clock } from "../../../src/clock.ts";

/** Proxies take a connection for dead that is silent for a minute. */
const BEAT_MS = 25_000;

/** Lets every WebSocket of a door be heard of now and then: one timer for all, while there are any. */
export class Heartbeat {
  private readonly all = new Set<() => void>();
  private cancel: (() => void) | null = null;

  constructor(private readonly clock: Clock) {}

  /** `beat` is called again and again, until what is returned is called. */
  join(beat: () => void): () => void {
    this.all.add(beat);
    this.cancel ??= this.clock.after(BEAT_MS, () => this.beat());
    return () => {
      this.all.delete(beat);
      if (this.all.size > 0) return;
      this.cancel?.();
      this.cancel = null;
    };
  }

  private beat(): void {
    this.cancel = this.clock.after(BEAT_MS, () => this.beat());
    for (const beat of this.all) beat();
  }
}
