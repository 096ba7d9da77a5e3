import { type Charset, utf8 } from "./charset.ts";
import type { Decoder } from "./decoder.ts";

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const NOTHING = new Uint8Array(0);
const SMALLEST_BUFFER = 64;

/**
 * Lines of text, in UTF-8 unless told otherwise. A line ends with LF, CR LF, or CR NUL, which is what a telnet client
 * sends for the Enter key (RFC 854, "The NVT printer and keyboard"); a CR anywhere else is data. What is not valid is
 * replaced by U+FFFD.
 *
 * A line of more than `max` bytes, its end not counted, is told as `null` as soon as it passes `max`, once, and is
 * discarded up to its end. A whole line is decoded straight from the chunk; only an unfinished one is copied, and
 * between lines nothing is held.
 */
export class Lines implements Decoder<string | null> {
  /** What has come of an unfinished line, in the first `held` bytes. */
  private part: Uint8Array = NOTHING;
  private held = 0;
  /** An over-long line was told and its end has not come. */
  private discarding = false;
  /** While discarding: the last byte was a CR, so that a NUL ends the line. */
  private sawCr = false;

  constructor(
    private readonly max = 8192,
    private readonly charset: Charset = utf8,
  ) {}

  get buffered(): number {
    return this.held;
  }

  /** Whether a line has begun whose end has not come, also one that was told to be too long. */
  get unfinished(): boolean {
    return this.held > 0 || this.discarding;
  }

  *push(chunk: Uint8Array): Generator<string | null, void> {
    let from = 0;
    let lf = chunk.indexOf(LF);
    let nul = this.crNul(chunk, 0);
    while (lf !== -1 || nul !== -1) {
      const end = nul !== -1 && (lf === -1 || nul < lf) ? nul : lf;
      const line = this.finish(chunk, from, end);
      from = end + 1;
      if (end === lf) lf = chunk.indexOf(LF, from);
      else nul = this.crNul(chunk, from);
      if (line !== undefined) yield line;
    }
    if (from < chunk.length && this.keep(chunk, from)) yield null;
  }

  /** The last line, when the stream ended without its newline. */
  *end(): Generator<string | null, void> {
    const { part, held } = this;
    this.forget();
    if (held > 0) yield this.decode(part, 0, part[held - 1] === CR ? held - 1 : held);
  }

  /** The line whose end, an LF or the NUL of CR NUL, is at `end`; undefined when it is the rest of one told before. */
  private finish(chunk: Uint8Array, from: number, end: number): string | null | undefined {
    if (this.discarding) {
      this.forget();
      return undefined;
    }
    if (this.held === 0) return this.line(chunk, from, end);
    // The CR may be the last byte held, or the terminator may be what passes `max`: joining makes it one case.
    const length = this.held + end - from;
    if (length > this.max + 1) {
      this.forget();
      return null;
    }
    this.append(chunk, from, end);
    const { part } = this;
    this.forget();
    return this.line(part, 0, length);
  }

  private line(bytes: Uint8Array, from: number, end: number): string | null {
    const last = end > from && bytes[end - 1] === CR ? end - 1 : end;
    return last - from > this.max ? null : this.decode(bytes, from, last);
  }

  /** Keeps the start of an unfinished line; true when the line has just become too long. */
  private keep(chunk: Uint8Array, from: number): boolean {
    const endsInCr = chunk[chunk.length - 1] === CR;
    if (!this.discarding) {
      const length = this.held + chunk.length - from;
      // One byte more may be held, if it is the CR of a line end.
      if (length <= this.max || (length === this.max + 1 && endsInCr)) {
        this.append(chunk, from, chunk.length);
        return false;
      }
    }
    const news = !this.discarding;
    this.forget();
    this.discarding = true;
    this.sawCr = endsInCr;
    return news;
  }

  private append(chunk: Uint8Array, from: number, end: number): void {
    const length = this.held + end - from;
    if (length > this.part.length) {
      const doubled = Math.max(SMALLEST_BUFFER, 2 * this.part.length);
      const grown = new Uint8Array(Math.max(length, Math.min(doubled, this.max + 1)));
      grown.set(this.part.subarray(0, this.held));
      this.part = grown;
    }
    this.part.set(chunk.subarray(from, end), this.held);
    this.held = length;
  }

  private forget(): void {
    this.part = NOTHING;
    this.held = 0;
    this.discarding = false;
    this.sawCr = false;
  }

  /** Where the NUL of the next CR NUL is, whose CR may be the last byte before this chunk; -1 if there is none. */
  private crNul(chunk: Uint8Array, from: number): number {
    let at = chunk.indexOf(NUL, from);
    while (at !== -1) {
      if (at > from ? chunk[at - 1] === CR : from === 0 && this.lastWasCr()) return at;
      at = chunk.indexOf(NUL, at + 1);
    }
    return -1;
  }

  private lastWasCr(): boolean {
    return this.discarding ? this.sawCr : this.held > 0 && this.part[this.held - 1] === CR;
  }

  private decode(bytes: Uint8Array, from: number, end: number): string {
    if (this.charset !== utf8) return this.charset.decodeLossy(bytes.subarray(from, end));
    // Measured: 87 ns for 64 bytes, against 151 ns for a TextDecoder and a subarray. Replaces what is not UTF-8 alike.
    return Buffer.prototype.toString.call(bytes, "utf8", from, end);
  }
}
