import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { HistoryThread } from "./thread.ts";

/** How often what is too old is looked for, in milliseconds. */
const LOOK_MS = 60_000;
/** After so many new events it is looked at, too. */
const GROWTH = 5_000;

export interface PrunerParts {
  readonly thread: HistoryThread;
  readonly clock: Clock;
  readonly log: Log;
  /** How long what was said is kept, in milliseconds; `Infinity` is for ever. */
  readonly keepMs: number;
  /** Told of rooms that lost events: the lowest seq that is kept now, or the next one. */
  lost(room: string, oldest: number): void;
}

/** Sees to it that what is too old goes, and that the rest does not grow without end. */
export class Pruner {
  private running = false;
  #grown = 0;
  private ended = false;
  private cancel: () => void = () => {};

  constructor(private readonly parts: PrunerParts) {}

  /** Prunes now and from now on. */
  begin(): void {
    if (this.ended) return;
    void this.run();
    this.cancel = this.parts.clock.after(LOOK_MS, () => this.begin());
  }

  /** So many events have been written; `full`: more is kept now than may be. */
  grown(count: number, full: boolean): void {
    this.#grown += count;
    if (full || this.#grown >= GROWTH) void this.run();
  }

  end(): void {
    this.ended = true;
    this.cancel();
  }

  /** Step by step, so that what is written or asked meanwhile waits for one step at most. */
  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.#grown = 0;
    try {
      while (!this.ended && (await this.step())) {}
    } catch (error) {
      // An end has cut it off.
      if (!this.ended) this.parts.log.error("history-not-pruned", { error: String(error) });
    }
    this.running = false;
  }

  private async step(): Promise<boolean> {
    const { thread, clock, keepMs, lost } = this.parts;
    const { done, oldest } = await thread.ask("prune", { cutoff: clock.now() - keepMs });
    for (const [room, seq] of oldest) lost(room, seq);
    return !done;
  }
}
