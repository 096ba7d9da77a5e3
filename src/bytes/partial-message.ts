/** Little enough that a drip stays cheap, large enough that small messages never grow. */
const FIRST_CAPACITY = 64;

/**
 * The beginning of a message of known length. Its buffer grows by doubling with the bytes that came, and never beyond the
 * message: claiming a large message costs nothing, and a byte at a time costs linear time.
 */
export class PartialMessage {
  /** `filled` bytes, then room. Exactly the message once it is complete. */
  bytes: Uint8Array = new Uint8Array(0);
  filled = 0;

  /** Takes what a message of `total` bytes still lacks from `chunk` at `at`, and tells how many bytes it took. */
  fill(chunk: Uint8Array, at: number, total: number): number {
    const taken = Math.min(total - this.filled, chunk.length - at);
    const filled = this.filled + taken;
    if (filled > this.bytes.length) this.grow(Math.min(total, Math.max(filled, this.bytes.length * 2, FIRST_CAPACITY)));
    this.bytes.set(chunk.subarray(at, at + taken), this.filled);
    this.filled = filled;
    return taken;
  }

  private grow(capacity: number): void {
    const larger = new Uint8Array(capacity);
    larger.set(this.bytes.subarray(0, this.filled));
    this.bytes = larger;
  }
}
