/**
 * How many answers each source may have in a second, in 4,096 counters whatever the number of sources: two rows of 2,048,
 * and a source has one counter, by hash, in either row. It is refused when both are used up.
 *
 * - No way around it: a source's counters are never given to another, so flooding with other (forged) addresses cannot
 *   win anybody a fresh start. A count is never too low.
 * - No way to block others: a source suffers only if both its counters are used up by sources that are over their limit
 *   themselves, about one chance in 4 million for each pair of such sources; and as the hash changes every second, for a
 *   second at most. Filling all counters takes 2 million datagrams a second.
 *
 * (The count-min sketch of Cormode and Muthukrishnan, 2005. Seconds are fixed windows, so that two neighbouring halves
 * may together see twice the rate.)
 */
export class SourceRate {
  private readonly counts = new Uint32Array(2 * COLUMNS);
  private end = Number.NEGATIVE_INFINITY;
  private seed = 0;

  /** @param perSecond answers a source may have in one second */
  constructor(private readonly perSecond: number) {}

  /**
   * Counts one answer, or says that there shall be none.
   * @param key hash of the source, 32 bits, by a secret seed
   * @param now milliseconds on a clock that never jumps
   */
  take(key: number, now: number): boolean {
    if (now >= this.end) this.begin(now);
    const mixed = Math.imul(key ^ this.seed, 0x9e3779b1);
    const first = mixed >>> SHIFT;
    const second = COLUMNS + (Math.imul(mixed ^ (mixed >>> 15), 0x85ebca77) >>> SHIFT);
    if (this.counts[first]! >= this.perSecond && this.counts[second]! >= this.perSecond) return false;
    this.counts[first]!++;
    this.counts[second]!++;
    return true;
  }

  private begin(now: number): void {
    this.counts.fill(0);
    this.end = now + 1000;
    this.seed = crypto.getRandomValues(SEED)[0]!;
  }
}

const COLUMNS = 2048;
const SHIFT = 32 - 11;
const SEED = new Uint32Array(1);
