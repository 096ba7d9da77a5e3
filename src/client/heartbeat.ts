import type { Clock } from "../clock.ts";
import { ConnectionLost, type Wire } from "./wire.ts";

/** A server that was silent this long is asked whether it is there; after as long again it counts as gone. */
const SILENCE_MS = 20_000;

/** Finds out that a connection is dead although nobody closed it: a cable pulled, a laptop that slept. */
export class Heartbeat {
  #heard = true;
  #asked = false;
  #cancel: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly wire: Wire,
  ) {
    this.#wait();
  }

  /** The server said something. */
  heard(): void {
    this.#heard = true;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #wait(): void {
    this.#cancel = this.clock.after(SILENCE_MS, () => this.#look());
  }

  #look(): void {
    // Who does not listen hears nothing.
    if (this.wire.paused) this.#heard = true;
    if (this.#asked && !this.#heard) {
      this.wire.close(new Error("the server does not answer any more"));
      return;
    }
    this.#asked = !this.#heard;
    this.#heard = false;
    // A refusal is an answer, too.
    if (this.#asked) this.wire.send("ping", {}, (outcome) => !(outcome instanceof ConnectionLost) && this.heard());
    this.#wait();
  }
}
