import { type Decoder, ProtocolError } from "./decoder.ts";
import { readLength } from "./frame-length.ts";
import type { HeaderFormat } from "./header.ts";
import { PartialMessage } from "./partial-message.ts";
import { quote } from "./text.ts";

export type AckItem =
  /** The peer announced a body and waits for `ok`. */
  | { readonly kind: "header"; readonly length: number }
  | { readonly kind: "body"; readonly body: Uint8Array }
  /** The peer awaits the body whose header it was sent. */
  | { readonly kind: "ok" };

const OK = "ok";
/** How much of what came instead of `ok` is shown. */
const SHOWN = 16;

/**
 * Frames whose header is acknowledged: who sends a header waits for the two raw bytes `ok` before the body, in both
 * directions, one message at a time. A header is told at once, so that it can be acknowledged; an empty body is told
 * right behind its header. A peer that sends the body without waiting is understood all the same.
 */
export class AckFramer implements Decoder<AckItem> {
  private partial: PartialMessage | null = null;
  /** The body that the last header announced; null when a header is next. */
  private length: number | null = null;
  /** How many bytes of `ok` have come; null when none is expected. */
  private acknowledged: number | null = null;
  private at = 0;

  /** `max` is the largest body in bytes. A header that says more, or less than none, throws `FrameLengthError`. */
  constructor(
    private readonly header: HeaderFormat,
    private readonly max: number,
  ) {}

  get buffered(): number {
    return (this.partial?.filled ?? 0) + (this.acknowledged ?? 0);
  }

  /** A header was sent: the peer's next two bytes must be `ok`. Takes effect at once, within a chunk too. */
  expectOk(): void {
    this.acknowledged = 0;
  }

  *push(chunk: Uint8Array): Generator<AckItem, void> {
    this.at = 0;
    for (let item = this.item(chunk); item !== null; item = this.item(chunk)) yield item;
  }

  end(): Iterable<AckItem> {
    return [];
  }

  private item(chunk: Uint8Array): AckItem | null {
    if (this.acknowledged !== null) return this.ok(chunk, this.acknowledged);
    if (this.length !== null) return this.body(chunk, this.length);
    const bytes = this.take(chunk, this.header.size);
    if (bytes === null) return null;
    this.length = readLength(this.header, this.max, bytes, 0, chunk, this.at);
    return { kind: "header", length: this.length };
  }

  private body(chunk: Uint8Array, length: number): AckItem | null {
    const body = this.take(chunk, length);
    if (body === null) return null;
    this.length = null;
    return { kind: "body", body };
  }

  /** @throws ProtocolError at the first byte that is not one of `ok` */
  private ok(chunk: Uint8Array, before: number): AckItem | null {
    const came = String.fromCharCode(...chunk.subarray(this.at, this.at + SHOWN));
    const rest = OK.slice(before, before + came.length);
    if (!came.startsWith(rest)) {
      throw new ProtocolError(
        `a header was sent and "ok" must come next, but ${quote(OK.slice(0, before) + came)} came`,
      );
    }
    this.at += rest.length;
    this.acknowledged = before + rest.length;
    if (this.acknowledged < OK.length) return null;
    this.acknowledged = null;
    return { kind: "ok" };
  }

  /** The next `length` bytes, a view of the chunk when it has them all; or null, and what it has is kept. */
  private take(chunk: Uint8Array, length: number): Uint8Array | null {
    const { at } = this;
    if (this.partial === null && at + length <= chunk.length) {
      this.at += length;
      return chunk.subarray(at, at + length);
    }
    if (at === chunk.length) return null;
    this.partial ??= new PartialMessage();
    this.at += this.partial.fill(chunk, at, length);
    if (this.partial.filled < length) return null;
    const { bytes } = this.partial;
    this.partial = null;
    return bytes;
  }
}
