import type { BodyDecoder, Taken } from "./body-decoder.ts";
import { MalformedError } from "./http-error.ts";
import { isField } from "./request-head.ts";

const CR = 13;
const LF = 10;
/** Of a line with a chunk's size, extensions included, and of all trailers together. */
const MOST_SIZE_LINE = 256;
const MOST_TRAILERS = 4096;
/** RFC 9112, section 7.1; at most 12 digits, so that it is an exact number. Extensions are read and ignored. */
const SIZE = /^([0-9a-fA-F]{1,12})(?:[\t ]*;[\t\x20-\x7e\x80-\xff]*)?$/;

/** A piece of a chunk from this size on is handed on as it is; smaller ones are gathered. */
const LARGE = 16 * 1024;
/** Lines that are read before what was gathered is handed on. */
const LINES_A_PIECE = 256;
/** Of all readers: what is in it is lent for one call. */
const gathered = new Uint8Array(64 * 1024);

/**
 * The chunked coding: size in hex, CR LF, so many bytes, CR LF, …, a chunk of 0, trailers, an empty line. Small chunks
 * are handed on together: a peer may send each byte in one of its own, and each piece costs a write.
 */
export class ChunkReader implements BodyDecoder {
  done = false;
  private state: "size" | "data" | "after" | "trailers" = "size";
  private line = "";
  private left = 0;
  private trailers = 0;

  take(input: Uint8Array): Taken {
    let used = 0;
    let size = 0;
    for (let lines = 0; used < input.length && !this.done && lines < LINES_A_PIECE; ) {
      if (this.state !== "data") {
        used += this.takeUsual(input, used) || this.takeLine(input, used);
        lines++;
        continue;
      }
      const length = Math.min(this.left, input.length - used);
      const isLarge = length >= LARGE;
      if (size > 0 && (isLarge || size + length > gathered.length)) break;
      this.left -= length;
      if (this.left === 0) this.state = "after";
      used += length;
      if (isLarge) return { data: input.subarray(used - length, used), used };
      copy(input, used - length, length, size);
      size += length;
    }
    return { data: size === 0 ? null : gathered.subarray(0, size), used };
  }

  /** Takes a line of nothing but a size, or of nothing, that is there to its end; 0: it is another one. */
  private takeUsual(input: Uint8Array, from: number): number {
    if (this.line !== "" || this.state === "trailers") return 0;
    let end = from;
    let size = 0;
    if (this.state === "size") {
      for (let digit = digitOf(input[end]); digit >= 0 && end - from < 12; digit = digitOf(input[end])) {
        size = size * 16 + digit;
        end++;
      }
      if (end === from) return 0;
    }
    if (input[end] !== CR || input[end + 1] !== LF) return 0;
    if (this.state === "size") this.begin(size);
    else this.state = "size";
    return end + 2 - from;
  }

  /** Takes up to the end of a line, or all there is. */
  private takeLine(input: Uint8Array, from: number): number {
    const end = input.indexOf(LF, from);
    const used = (end < 0 ? input.length : end + 1) - from;
    this.line += Buffer.from(input.buffer, input.byteOffset + from, used).toString("latin1");
    if (this.line.length > (this.state === "trailers" ? MOST_TRAILERS : MOST_SIZE_LINE))
      throw bad("a line of it is too long");
    if (end < 0) return used;
    if (this.line.charCodeAt(this.line.length - 2) !== CR) throw bad("its lines must end in CR LF");
    const line = this.line.slice(0, -2);
    this.line = "";
    this.onLine(line);
    return used;
  }

  private onLine(line: string): void {
    if (this.state === "size") this.onSize(line);
    else if (this.state === "trailers") this.onTrailer(line);
    else if (line === "") this.state = "size";
    else throw bad("a chunk is longer than its size says");
  }

  private onSize(line: string): void {
    const [, digits] = SIZE.exec(line) ?? [];
    if (digits === undefined) throw bad("a chunk's size is no hexadecimal number");
    this.begin(Number.parseInt(digits, 16));
  }

  private begin(size: number): void {
    this.left = size;
    this.state = this.left === 0 ? "trailers" : "data";
  }

  private onTrailer(line: string): void {
    if (line === "") this.done = true;
    // Another reader may take what is no field for the beginning of a request.
    else if (!isField(line)) throw bad("a trailer is no header field");
    this.trailers += line.length + 2;
    if (this.trailers > MOST_TRAILERS) throw bad("its trailers are too long");
  }
}

/** The value of a hexadecimal digit; -1 for any other byte. */
function digitOf(byte = 0): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function copy(input: Uint8Array, from: number, length: number, to: number): void {
  if (length > 32) gathered.set(input.subarray(from, from + length), to);
  else for (let i = 0; i < length; i++) gathered[to + i] = input[from + i] ?? 0;
}

function bad(what: string): MalformedError {
  return new MalformedError(400, "bad-request", `the chunked body cannot be read: ${what}`);
}
