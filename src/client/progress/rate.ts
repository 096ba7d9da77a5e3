import type { Clock } from "../../clock.ts";

/** The rate is over about so many milliseconds. */
const OVER_MS = 3_000;

/** How fast bytes move: over the last seconds, and over all of it. */
export class Rate {
  private readonly startedAt: number;
  private markAt: number;
  private markBytes: number;
  private bytes: number;
  private recent: number | null = null;

  /** @param from bytes that were there before the watch began */
  constructor(
    private readonly clock: Clock,
    private from = 0,
  ) {
    this.startedAt = this.markAt = clock.mono();
    this.bytes = this.markBytes = from;
  }

  at(bytes: number): void {
    // A file that is begun anew falls back to its start.
    if (bytes < this.markBytes) this.mark(bytes);
    this.from = Math.min(this.from, bytes);
    this.bytes = bytes;
    if (this.clock.mono() - this.markAt < OVER_MS) return;
    this.recent = this.latest();
    this.mark(bytes);
  }

  /** Bytes a second, of late. */
  get now(): number {
    return this.recent === null || this.clock.mono() - this.markAt > OVER_MS ? this.latest() : this.recent;
  }

  /** Bytes that were there before the watch began and still count; 0 once all was begun anew. */
  get before(): number {
    return this.from;
  }

  /** Bytes that have come since. */
  get moved(): number {
    return this.bytes - this.from;
  }

  /** Bytes a second since the watch began. */
  get overall(): number {
    return this.moved / Math.max(0.001, this.seconds);
  }

  get seconds(): number {
    return (this.clock.mono() - this.startedAt) / 1000;
  }

  private latest(): number {
    return (this.bytes - this.markBytes) / Math.max(0.001, (this.clock.mono() - this.markAt) / 1000);
  }

  private mark(bytes: number): void {
    this.markAt = this.clock.mono();
    this.markBytes = bytes;
  }
}
