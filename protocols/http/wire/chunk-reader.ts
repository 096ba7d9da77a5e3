import type { BodyDecoder, Taken } from "./body-decoder.ts";
import { MalformedError } from "./http-error.ts";

const CR = 13;
const LF = 10;
/** Of a line with a chunk's size, extensions included, and of all trailers together. */
const MOST_SIZE_LINE = 256;
const MOST_TRAILERS = 4096;
/** RFC 9112, section 7.1; at most 12 digits, so that it is an exact number. Extensions are read and ignored. */
const SIZE = /^([0-9a-fA-F]{1,12})(?:[\t ]*;[\t\x20-\x7e\x80-\xff]*)?$/;

/** The chunked coding: size in hex, CR LF, so many bytes, CR LF, …, a chunk of 0, trailers, an empty line. */
export class ChunkReader implements BodyDecoder {
  done = false;
  private state: "size" | "data" | "after" | "trailers" = "size";
  private line = "";
  private left = 0;
  private trailers = 0;

  take(input: Uint8Array): Taken {
    if (this.state !== "data") return { data: null, used: this.takeLine(input) };
    const data = input.length <= this.left ? input : input.subarray(0, this.left);
    this.left -= data.length;
    if (this.left === 0) this.state = "after";
    return { data, used: data.length };
  }

  /** Takes up to the end of a line, or all there is. */
  private takeLine(input: Uint8Array): number {
    const end = input.indexOf(LF);
    const used = end < 0 ? input.length : end + 1;
    this.line += Buffer.from(input.buffer, input.byteOffset, used).toString("latin1");
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
    this.left = Number.parseInt(digits, 16);
    this.state = this.left === 0 ? "trailers" : "data";
  }

  private onTrailer(line: string): void {
    if (line === "") this.done = true;
    this.trailers += line.length + 2;
    if (this.trailers > MOST_TRAILERS) throw bad("its trailers are too long");
  }
}

function bad(what: string): MalformedError {
  return new MalformedError(400, "bad-request", `the chunked body cannot be read: ${what}`);
}
