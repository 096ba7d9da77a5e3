/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** The items in another order. */
  shuffle<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: this.below(2 ** 31) }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }
}

/** The seed of this run: `TINCAN_TEST_SEED`, for repeating a failure, or a new one. Put it in what a failure prints. */
export const SEED = Number(process.env["TINCAN_TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 32));
