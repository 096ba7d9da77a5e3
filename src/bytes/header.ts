import { calcsize, StructError } from "./struct.ts";
import { quote } from "./text.ts";

/** How the length of a frame is written in front of it: one integer of Python's struct. */
export interface HeaderFormat {
  /** As it was given, `!I`. */
  readonly format: string;
  /** Bytes of the header. */
  readonly size: number;
  readonly bits: number;
  readonly signed: boolean;
  readonly littleEndian: boolean;
  /** The largest length the type can say, capped at `Number.MAX_SAFE_INTEGER`. */
  readonly most: number;
  /**
   * The length at `at`, where the whole header must be. May be negative; beyond 2^53 either way it is `Infinity` or
   * `-Infinity`, which no limit allows.
   */
  read(bytes: Uint8Array, at: number): number;
  /** @throws RangeError unless `length` is from 0 to `most` */
  write(bytes: Uint8Array, at: number, length: number): void;
}

const LETTERS = "b B h H i I l L q Q";
const ONE_INTEGER = /^[@=<>!]?[bBhHiIlLqQ]$/;

/**
 * Reads the format of a header: one of `b B h H i I l L q Q` behind an optional `@ = < > !`, with the sizes of `struct`
 * (`l` has eight bytes without a mark).
 *
 * @throws StructError with a sentence for people
 */
export function parseHeaderFormat(text: string): HeaderFormat {
  if (!ONE_INTEGER.test(text)) {
    throw new StructError(
      `${quote(text)} is not the format of a frame header; try "!I", or another of ${LETTERS} behind one of @ = < > !`,
    );
  }
  const letter = text.slice(-1);
  return new IntegerHeader(text, calcsize(text), letter === letter.toLowerCase(), !/[>!]/.test(text));
}

/** Shifts instead of a DataView: no object per chunk, and one class, so that the framer's call is always the same. */
class IntegerHeader implements HeaderFormat {
  readonly bits: number;
  readonly most: number;

  constructor(
    readonly format: string,
    readonly size: number,
    readonly signed: boolean,
    readonly littleEndian: boolean,
  ) {
    this.bits = size * 8;
    this.most = Math.min(2 ** (signed ? this.bits - 1 : this.bits) - 1, Number.MAX_SAFE_INTEGER);
  }

  read(bytes: Uint8Array, at: number): number {
    if (this.size === 8) return this.readLong(bytes, at);
    const word = this.readWord(bytes, at, this.size);
    return this.signed ? (word << (32 - this.bits)) >> (32 - this.bits) : word >>> 0;
  }

  write(bytes: Uint8Array, at: number, length: number): void {
    if (!(length >= 0 && length <= this.most)) {
      throw new RangeError(`a length of ${length} does not fit into a header of format ${this.format}`);
    }
    let rest = length;
    for (let i = 0; i < this.size; i++) {
      bytes[this.littleEndian ? at + i : at + this.size - 1 - i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  private readLong(bytes: Uint8Array, at: number): number {
    const first = this.readWord(bytes, at, 4);
    const second = this.readWord(bytes, at + 4, 4);
    const [high, low] = this.littleEndian ? [second, first] : [first, second];
    const length = (this.signed ? high : high >>> 0) * 2 ** 32 + (low >>> 0);
    if (Number.isSafeInteger(length)) return length;
    return length < 0 ? -Infinity : Infinity;
  }

  /** The low `size * 8` bits, at most 32, as a signed 32-bit integer whose bits above are zero. */
  private readWord(bytes: Uint8Array, at: number, size: number): number {
    let word = 0;
    for (let i = 0; i < size; i++) word = (word << 8) | bytes[this.littleEndian ? at + size - 1 - i : at + i]!;
    return word;
  }
}
