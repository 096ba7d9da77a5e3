import type { Decoder } from "./decoder.ts";
import { readLength } from "./frame-length.ts";
import type { HeaderFormat } from "./header.ts";
import { PartialMessage } from "./partial-message.ts";

/** A header and the body whose length it says. */
export interface Frame {
  /** Header and body, contiguous. */
  readonly bytes: Uint8Array;
  /** A view into `bytes`; may be empty. */
  readonly body: Uint8Array;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * Cuts a stream into frames. A frame that came in one chunk is a view of that chunk; only one that is spread over several
 * is copied. Between frames nothing is held, and half a frame holds at most twice the bytes that came. A stream that ends
 * within a frame is not told: `buffered` is then over 0.
 *
 * It is its own iterator, because a chunk must be read to its end before the next: nothing is allocated per chunk, and a
 * loop that was left can be taken up again. A frame of 64 bytes that comes alone takes 50 ns, and 20 more by a generator.
 */
export class Framer implements Decoder<Frame>, Iterator<Frame, undefined> {
  private chunk: Uint8Array | null = null;
  private at = 0;
  private partial: PartialMessage | null = null;

  /** `max` is the largest body in bytes. A header that says more, or less than none, throws {@link FrameLengthError}. */
  constructor(
    private readonly header: HeaderFormat,
    private readonly max: number,
  ) {}

  get buffered(): number {
    return this.partial === null ? 0 : this.partial.filled;
  }

  push(chunk: Uint8Array): Iterable<Frame> {
    if (this.chunk !== null) throw new Error("the last chunk was not read to its end");
    this.chunk = chunk;
    this.at = 0;
    return this;
  }

  end(): Iterable<Frame> {
    return [];
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Frame, undefined> {
    const { chunk } = this;
    if (chunk === null) return DONE;
    const bytes = this.partial === null ? this.whole(chunk) : this.completed(chunk, this.partial);
    if (bytes !== null) return { done: false, value: { bytes, body: bytes.subarray(this.header.size) } };
    this.chunk = null;
    return DONE;
  }

  /** The frame that begins at `at`; or null, and its beginning is kept. */
  private whole(chunk: Uint8Array): Uint8Array | null {
    const { at, header } = this;
    const body = at + header.size;
    if (body <= chunk.length) {
      const end = body + readLength(header, this.max, chunk, at, chunk, body);
      if (end <= chunk.length) {
        this.at = end;
        return at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end);
      }
    }
    if (at === chunk.length) return null;
    this.partial = new PartialMessage();
    return this.completed(chunk, this.partial);
  }

  /** The frame whose beginning is in `partial`; or null, and what the chunk has of it is kept too. */
  private completed(chunk: Uint8Array, partial: PartialMessage): Uint8Array | null {
    const { header } = this;
    if (partial.filled < header.size) {
      this.at += partial.fill(chunk, this.at, header.size);
      if (partial.filled < header.size) return null;
    }
    const total = header.size + readLength(header, this.max, partial.bytes, 0, chunk, this.at);
    this.at += partial.fill(chunk, this.at, total);
    if (partial.filled < total) return null;
    this.partial = null;
    return partial.bytes;
  }
}

/** A frame ready to send. @throws RangeError when the header cannot say the body's length */
export function encodeFrame(header: HeaderFormat, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(header.size + body.length);
  header.write(bytes, 0, body.length);
  bytes.set(body, header.size);
  return bytes;
}
