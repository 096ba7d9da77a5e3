import type { Clock } from "../../clock.ts";
import { FetchFailure } from "./failure.ts";

/**
 * The promise's own outcome, or a failure when it takes longer than `ms`; then `giveUp` is called. The promise is not
 * relied on to settle after that.
 */
export async function patiently<T>(
  promise: Promise<T>,
  o: { readonly ms: number; readonly clock: Clock; readonly what: string; readonly giveUp: () => void },
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = o.clock.after(o.ms, () => {
    reject(new FetchFailure(`${o.what} for ${Math.round(o.ms / 1000)} seconds`, true));
    o.giveUp();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}

/** Something that happens when it was not put off for `ms`. */
export class Deadline {
  private cancel = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly ms: number,
    private readonly late: () => void,
  ) {}

  /** From now on. */
  set(): void {
    this.cancel();
    this.cancel = this.clock.after(this.ms, this.late);
  }

  clear(): void {
    this.cancel();
  }
}
