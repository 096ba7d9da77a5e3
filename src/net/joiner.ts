/** Buffers at least this long are written alone: copying them would cost more than the system call that joining saves. */
const ALONE = 64 * 1024;
/** What one joined write holds at most. */
const ROOM = 256 * 1024;

/**
 * Joins a run of small buffers into one, so that what a loop turn produced leaves in one write: a write costs 2.5 us
 * however short it is.
 *
 * When many connections are sent the very same buffers (a chat room's members), the bytes that were joined for the one
 * before are used again. Measured with 1000 receivers and 16 messages a turn: 0.165 us of CPU for a delivery without
 * this, 0.113 with it.
 */
export class Joiner {
  private readonly scratch = Buffer.allocUnsafe(ROOM);
  /** The buffers whose bytes are in `scratch`: a list of its own, because queues are emptied and used again. */
  private readonly last: Uint8Array[] = [];
  private lastBytes = 0;
  /** How many buffers the bytes of the last {@link join} came from. */
  count = 0;

  /**
   * The bytes of `queue[from]` and of as many buffers behind it as fit. They are only valid until the next call, unless
   * {@link count} is 1: then they are the buffer itself. Stops at the first element that is not a buffer.
   */
  join(queue: readonly unknown[], from: number): Uint8Array {
    const first = queue[from] as Uint8Array;
    if (first.length >= ALONE || from + 1 === queue.length) {
      this.count = 1;
      return first;
    }
    if (this.sameAsLast(queue, from)) {
      this.count = this.last.length;
      return this.scratch.subarray(0, this.lastBytes);
    }
    return this.fill(queue, from);
  }

  private fill(queue: readonly unknown[], from: number): Uint8Array {
    const { last, scratch } = this;
    last.length = 0;
    let at = 0;
    for (let index = from; index < queue.length; index++) {
      const piece = queue[index];
      if (!(piece instanceof Uint8Array) || at + piece.length > ROOM || piece.length >= ALONE) break;
      scratch.set(piece, at);
      at += piece.length;
      last.push(piece);
    }
    this.count = last.length;
    this.lastBytes = at;
    return scratch.subarray(0, at);
  }

  /** Compares by identity: a buffer that was handed over is never changed, so the same buffers are the same bytes. */
  private sameAsLast(queue: readonly unknown[], from: number): boolean {
    const { last } = this;
    const count = last.length;
    if (count === 0 || queue.length - from !== count) return false;
    for (let i = count - 1; i >= 0; i--) if (queue[from + i] !== last[i]) return false;
    return true;
  }

  /** Lets go of the buffers of the turn that ended, so that none outlives it. */
  forget(): void {
    this.last.length = 0;
  }
}
