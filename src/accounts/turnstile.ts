/** Lets so many pass at a time; the others wait, and no more than so many. */
export class Turnstile {
  private passing = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly most: number,
    private readonly mostWaiting: number,
  ) {}

  /** Nobody passes or waits. */
  get idle(): boolean {
    return this.passing === 0;
  }

  /** Runs `work` when it is its turn, in the order of the calls; null: too many wait already, and it is not run. */
  async pass<T>(work: () => Promise<T>): Promise<T | null> {
    if (this.passing >= this.most) {
      if (this.waiting.length >= this.mostWaiting) return null;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.passing++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.passing--;
      else next();
    }
  }
}
