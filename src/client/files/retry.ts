import type { Clock } from "../../clock.ts";
import { backoff } from "../backoff.ts";
import { Passing, Stopped } from "./trouble.ts";

export interface RetryOptions {
  /** How often in a row something may fail and be tried again; each byte that moves in between begins a new row. */
  readonly retries: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told before each wait. */
  readonly tell: (line: string) => void;
}

/** Tries again what failed by trouble that may pass, after 1, 2, 4 … 30 seconds, or as late as the trouble asks for. */
export class Retry {
  constructor(private readonly o: RetryOptions) {}

  /**
   * @param name what is told to be tried again
   * @param moved how much was achieved so far; a number that only grows
   */
  async run<T>(name: string, moved: () => number, work: () => Promise<T>): Promise<T> {
    const { retries, signal, tell } = this.o;
    let failures = 0;
    for (;;) {
      const before = moved();
      try {
        return await work();
      } catch (error) {
        if (signal.aborted) throw new Stopped();
        if (!(error instanceof Passing)) throw error;
        failures = moved() > before ? 1 : failures + 1;
        if (failures > retries) throw this.givenUp(error);
        const ms = Math.max(backoff(failures), error.afterMs);
        tell(`${name}: ${error.message}; trying again in ${Math.round(ms / 1000)} s (${failures} of ${retries})`);
        await this.wait(ms);
      }
    }
  }

  private givenUp(error: Passing): Passing {
    const { retries } = this.o;
    if (retries === 0) return error;
    return new Passing(`${error.message}, given up after ${retries} ${retries === 1 ? "try" : "tries"}`, {
      cause: error,
    });
  }

  private async wait(ms: number): Promise<void> {
    const { signal, clock } = this.o;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = clock.after(ms, resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    cancel();
    if (signal.aborted) throw new Stopped();
  }
}
