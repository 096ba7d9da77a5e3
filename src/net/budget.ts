/**
 * A bound on what all connections hold together: per-connection caps times 10,000 connections would be more than any
 * machine has. Over it the largest holder goes, because it is the one whose leaving helps.
 */
export class Budget<Holder> {
  private total = 0;

  /**
   * @param limit in bytes, over all holders
   * @param held bytes that one holder has now; a holder that has told more than that tells the difference when it is asked,
   *   by a negative {@link change}
   * @param evict makes a holder give up what it has; it tells that by a negative {@link change}, at once or soon
   */
  constructor(
    private readonly limit: number,
    private readonly holders: () => Iterable<Holder>,
    private readonly held: (holder: Holder) => number,
    private readonly evict: (holder: Holder) => void,
  ) {}

  /** Bytes held by all. */
  get used(): number {
    return this.total;
  }

  /** A holder's share changed by `delta` bytes. */
  change(delta: number): void {
    this.total += delta;
    if (delta <= 0) return;
    while (this.total > this.limit) {
      const largest = this.largest();
      const before = this.total;
      // Asking the holders may have shown that they hold less than they last said.
      if (largest === null || before <= this.limit) return;
      this.evict(largest);
      if (this.total === before) return;
    }
  }

  private largest(): Holder | null {
    let most: Holder | null = null;
    let bytes = 0;
    for (const holder of this.holders()) {
      const held = this.held(holder);
      if (held > bytes) {
        most = holder;
        bytes = held;
      }
    }
    return most;
  }
}
