import { sendBeginning } from "../libc.ts";
import { FileSegment, type FileSink, type FileTurn, type Waker } from "./file-segment.ts";
import type { Joiner } from "./joiner.ts";

/** "gone": a file is queued, and its peer is not there any more. */
export type FlushResult = "empty" | "blocked" | "gone" | "turn-over" | "reading";

/**
 * What one connection has queued and the socket has not taken: buffers and slices of files, in order. Exists only while
 * something is queued, so an idle connection owns none.
 */
export class Outbox {
  /** Bytes queued in buffers; file segments are not counted, because they own no memory. */
  pending = 0;
  /** How much of `pending` the outbox budget has been told of. */
  accounted = 0;
  /** File segments queued. */
  files = 0;
  /** Bytes that the socket took in the last {@link flush}. */
  taken = 0;
  private readonly queue: (Uint8Array | FileSegment)[] = [];
  private head = 0;

  push(bytes: Uint8Array): void {
    this.queue.push(bytes);
    this.pending += bytes.length;
  }

  pushFile(segment: FileSegment): void {
    this.queue.push(segment);
    this.files++;
  }

  /**
   * Offers the socket everything in order, until it takes no more. `waker` is told when a file that is read off the
   * loop can go on.
   */
  flush(sink: FileSink, encrypted: boolean, joiner: Joiner, turn: FileTurn, waker: Waker): FlushResult {
    this.taken = 0;
    while (this.head < this.queue.length) {
      const first = this.queue[this.head];
      const result =
        first instanceof FileSegment
          ? this.flushFile(first, sink, encrypted, turn, waker)
          : this.flushBuffers(sink, encrypted, joiner);
      if (result !== "empty") {
        this.forgetSent();
        return result;
      }
    }
    this.queue.length = 0;
    this.head = 0;
    return "empty";
  }

  /** Drops everything; promises of file segments are settled with what was taken. */
  clear(): void {
    for (let i = this.head; i < this.queue.length; i++) {
      const item = this.queue[i];
      if (item instanceof FileSegment) item.end();
    }
    this.queue.length = 0;
    this.head = this.pending = this.files = 0;
  }

  private flushBuffers(sink: FileSink, encrypted: boolean, joiner: Joiner): FlushResult {
    const bytes = joiner.join(this.queue, this.head);
    // Without a packet and a wake-up of the peer for what stands before a piece of a file.
    const next = this.queue[this.head + joiner.count];
    const isBeginning = !encrypted && next instanceof FileSegment && next.hasMore;
    let taken = isBeginning ? Math.max(0, sendBeginning(sink.fd, bytes)) : 0;
    if (taken < bytes.length) {
      const more = sink.write(taken === 0 ? bytes : bytes.subarray(taken));
      if (more < 0 && this.files > 0) return "gone";
      taken += Math.max(0, more);
    }
    this.pending -= taken;
    this.taken += taken;
    if (taken < bytes.length) {
      this.keepFrom(taken, joiner.count);
      return "blocked";
    }
    this.head += joiner.count;
    return "empty";
  }

  /** The socket took `taken` bytes of the first `count` buffers: what is left of the first of them stays a view of it. */
  private keepFrom(taken: number, count: number): void {
    let rest = taken;
    for (let i = 0; i < count; i++) {
      const piece = this.queue[this.head] as Uint8Array;
      if (rest < piece.length) {
        this.queue[this.head] = rest === 0 ? piece : piece.subarray(rest);
        break;
      }
      rest -= piece.length;
      this.head++;
    }
  }

  /** A queue that does not run empty must not keep what has left it. */
  private forgetSent(): void {
    this.queue.splice(0, this.head);
    this.head = 0;
  }

  private flushFile(
    segment: FileSegment,
    sink: FileSink,
    encrypted: boolean,
    turn: FileTurn,
    waker: Waker,
  ): FlushResult {
    const result = segment.pump(sink, encrypted, turn, waker);
    this.taken += segment.takeProgress();
    if (result !== "done") return result;
    this.files--;
    this.head++;
    segment.end();
    return "empty";
  }
}
