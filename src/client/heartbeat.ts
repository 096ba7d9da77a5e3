import type { Clock } from "../clock.ts";
import type { Wire } from "./wire.ts";

/** A server that was silent this long is asked whether it is there; after as long again it counts as gone. */
const SILENCE_MS = 20_000;

/** Finds out that a connection is dead although nobody closed it: a cable pulled, a laptop that slept. */
export class Heartbeat {
  private seen = 0;
  private asked = false;
  private cancel: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly wire: Wire,
    private readonly silenceMs = SILENCE_MS,
  ) {
    this.wait();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private wait(): void {
    this.cancel = this.clock.after(this.silenceMs, () => this.look());
  }

  private look(): void {
    const { activity, paused } = this.wire;
    // Who does not listen hears nothing.
    const isAlive = paused || activity !== this.seen;
    this.seen = activity;
    if (this.asked && !isAlive) {
      this.wire.close(new Error("the server does not answer any more"));
      return;
    }
    this.asked = !isAlive;
    // Whatever it answers, it is there.
    if (this.asked) this.wire.send("ping", {}, () => {});
    this.wait();
  }
}
