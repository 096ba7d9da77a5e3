/** Each power of two is cut into this many buckets, so that a value is told with an error of at most 1/32 of itself. */
const CUTS = 32;
const POWERS = 40;

/**
 * Counts positive numbers in buckets that grow with the value (as HdrHistogram does): 10 KiB however many are counted,
 * and quantiles within 3.1 % of the exact ones. The unit is the caller's; values are rounded down to whole units, and
 * those over 2^40 count as the largest.
 */
export class Histogram {
  private readonly buckets = new Float64Array((POWERS - 4) * CUTS);
  #count = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  /** The largest value counted, exact; 0 when there is none. */
  get max(): number {
    return this.#max;
  }

  add(value: number): void {
    const at = bucketOf(value);
    this.buckets[at] = (this.buckets[at] ?? 0) + 1;
    this.#count += 1;
    if (value > this.#max) this.#max = value;
  }

  /** The value that a share `q` (0 to 1) of all values does not exceed; null when nothing was counted. */
  quantile(q: number): number | null {
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil(q * this.#count));
    let seen = 0;
    for (const [at, count] of this.buckets.entries()) {
      seen += count;
      if (seen >= rank) return Math.min(topOf(at), this.#max);
    }
    return this.#max;
  }

  merge(other: Histogram): void {
    for (const [at, count] of other.buckets.entries()) this.buckets[at] = (this.buckets[at] ?? 0) + count;
    this.#count += other.#count;
    this.#max = Math.max(this.#max, other.#max);
  }
}

/** Below 32 each whole number has its bucket; above, the highest five bits behind the leading one choose it. */
function bucketOf(value: number): number {
  const whole = Math.min(Math.max(0, Math.floor(value)), 2 ** POWERS - 1);
  if (whole < CUTS) return whole;
  const power = Math.floor(Math.log2(whole));
  return (power - 4) * CUTS + Math.floor(whole / 2 ** (power - 5)) - CUTS;
}

/** The largest whole number that falls into a bucket. */
function topOf(at: number): number {
  if (at < CUTS) return at;
  const power = Math.floor(at / CUTS) + 4;
  const step = 2 ** (power - 5);
  return 2 ** power + ((at % CUTS) + 1) * step - 1;
}
