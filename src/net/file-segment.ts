import { read, readSync } from "node:fs";
import { EAGAIN, hasSendfile, sendfile } from "../libc.ts";
import type { FileSlice } from "./protocol.ts";

/** What a file is sent to: the part of Bun's socket that is needed, and whether the bytes must be encrypted on the way. */
export interface FileSink {
  readonly fd: number;
  /** The bytes taken: 0 when it is full, less when its peer has gone. */
  write(bytes: Uint8Array): number;
}

/** What one loop turn may still spend on files; shared by all transfers of the turn. */
export interface FileTurn {
  /** On the clock's `mono`: when the transfers of this turn together have had enough. */
  readonly until: number;
  now(): number;
}

/** Who is told when a read off the loop is done and the segment can go on. */
export interface Waker {
  wake(): void;
}

/** "gone": nobody is there any more who could take it. */
export type PumpResult = "done" | "blocked" | "gone" | "turn-over" | "reading";

/** Bytes that the socket took, or why it takes no more. */
type Moved = number | "blocked" | "gone";

/** One transfer may take this much of a turn, so that a download over a fast link starves nobody. */
const BYTES_A_TURN = 4 * 1024 * 1024;
const MS_A_TURN = 1;
const PIECE = 256 * 1024;
/**
 * To be encrypted, a piece goes through the cache three times, and it leaves in one send. 48 KiB take 0.49 s/GiB, 16 KiB
 * 0.57, 32 KiB 0.51, 64 KiB 0.64, 128 KiB 0.71 (measured): 64 KiB and their records are a little more than the 65,483
 * bytes that a segment on the loopback holds, and the rest makes a packet and a wake-up of the peer of its own.
 */
const ENCRYPTED_PIECE = 48 * 1024;
/** A read that took longer than this came from a slow disk: the next ones are done off the loop first. */
const SLOW_READ_MS = 10;
const READ_AHEAD = 1024 * 1024;
/**
 * After so many quick ones in a row the disk is believed again. On a busy machine a read may be late because something
 * else had the core; to read the whole file ahead for that made a download from the page cache cost 1.5 times as much.
 */
const AHEAD_AT_LEAST = 4;

/** Reused by all TLS and fallback transfers: what the socket did not take is read again, so nobody owns any of it. */
const scratch = Buffer.allocUnsafe(PIECE);
/** Filled off the loop to warm the page cache; its content is never looked at. */
let warming: Buffer | null = null;

/** A file slice in an outbox: sent piece by piece, and the offset moves only by what the socket took. */
export class FileSegment {
  private taken = 0;
  private told = 0;
  /** Pieces that are still to be read ahead, because the disk was slow. */
  private ahead = 0;
  private warmTo = 0;
  private copying: boolean;
  /** The file has ended, and zeros are sent in its place. */
  private ended = false;

  constructor(
    private readonly slice: FileSlice,
    private readonly settle: (taken: number) => void,
  ) {
    // Who wants to see the bytes has them read once, for that and for the socket.
    this.copying = !hasSendfile || slice.onBytes !== undefined;
  }

  /** Whether bytes follow at once. */
  get hasMore(): boolean {
    return this.taken < this.slice.length;
  }

  /** Sends what the socket takes within this turn. "reading": the disk is slow, and `waker` is told when to go on. */
  pump(sink: FileSink, encrypted: boolean, turn: FileTurn, waker: Waker): PumpResult {
    const before = this.taken;
    const result = this.send(sink, encrypted, turn, waker);
    if (this.taken > before) this.slice.onProgress?.(this.taken);
    return result;
  }

  /** Bytes that the socket took since this was last asked. */
  takeProgress(): number {
    const progress = this.taken - this.told;
    this.told = this.taken;
    return progress;
  }

  /** Settles the promise of `sendFile` with what was taken. */
  end(): void {
    this.settle(this.taken);
  }

  private send(sink: FileSink, encrypted: boolean, turn: FileTurn, waker: Waker): PumpResult {
    const { length } = this.slice;
    const last = Math.min(length, this.taken + BYTES_A_TURN);
    const until = Math.min(turn.until, turn.now() + MS_A_TURN);
    while (this.taken < last) {
      if (this.ahead > 0 && this.taken >= this.warmTo) return this.warm(turn, waker);
      const started = turn.now();
      const moved = this.move(sink, encrypted, last);
      const ended = turn.now();
      if (typeof moved === "string") return moved;
      if (moved === 0 && !this.fills()) return "done";
      if (ended - started > SLOW_READ_MS) this.ahead = AHEAD_AT_LEAST;
      if (ended >= until && this.taken < length) return "turn-over";
    }
    return this.taken === length ? "done" : "turn-over";
  }

  private move(sink: FileSink, encrypted: boolean, last: number): Moved {
    if (this.ended) return this.fill(sink, last);
    if (encrypted) return this.copy(sink, last, ENCRYPTED_PIECE);
    return this.copying ? this.copy(sink, last, PIECE) : this.splice(sink, last);
  }

  /** The file has ended before the slice: whether it goes on with zeros. */
  private fills(): boolean {
    this.ended = this.slice.exact === true;
    return this.ended;
  }

  private fill(sink: FileSink, last: number): Moved {
    const length = Math.min(PIECE, last - this.taken);
    const taken = sink.write(scratch.fill(0, 0, length).subarray(0, length));
    if (taken < 0) return "gone";
    this.taken += taken;
    return taken < length ? "blocked" : taken;
  }

  private splice(sink: FileSink, last: number): Moved {
    const { fd, offset } = this.slice;
    const moved = sendfile(sink.fd, fd, offset + this.taken, Math.min(PIECE, last - this.taken));
    if (moved >= 0) {
      this.taken += moved;
      return moved;
    }
    if (-moved === EAGAIN) return this.nudge(sink);
    // Some file systems cannot be spliced (EINVAL): copy from here on.
    this.copying = true;
    return this.copy(sink, last, PIECE);
  }

  /** The socket is full, but Bun does not know: a write of one byte that is refused makes it watch for room. */
  private nudge(sink: FileSink): Moved {
    const { fd, offset } = this.slice;
    const got = readSync(fd, scratch, 0, 1, offset + this.taken);
    if (got === 0) return 0;
    const taken = sink.write(scratch.subarray(0, 1));
    if (taken < 1) return taken < 0 ? "gone" : "blocked";
    this.taken += 1;
    return 1;
  }

  private copy(sink: FileSink, last: number, most: number): Moved {
    const { fd, offset } = this.slice;
    const got = readSync(fd, scratch, 0, Math.min(most, last - this.taken), offset + this.taken);
    if (got === 0) return 0;
    const taken = sink.write(scratch.subarray(0, got));
    if (taken < 0) return "gone";
    this.taken += taken;
    if (taken > 0) this.slice.onBytes?.(scratch.subarray(0, taken));
    return taken < got ? "blocked" : taken;
  }

  /** Reads the next piece off the loop, so that the page cache has it when it is sent on the loop. */
  private warm(turn: FileTurn, waker: Waker): PumpResult {
    warming ??= Buffer.allocUnsafe(READ_AHEAD);
    const at = this.slice.offset + this.taken;
    const length = Math.min(READ_AHEAD, this.slice.length - this.taken);
    this.warmTo = this.taken + length;
    const started = turn.now();
    read(this.slice.fd, warming, 0, length, at, () => {
      this.ahead = turn.now() - started > SLOW_READ_MS ? AHEAD_AT_LEAST : this.ahead - 1;
      waker.wake();
    });
    return "reading";
  }
}
