import { MalformedError, NotHttpError } from "./http-error.ts";
import {
  foreign,
  isTokenCode,
  MOST_TARGET,
  type RequestHead,
  readHead,
  readRequestLine,
  targetTooLong,
} from "./request-head.ts";

/** Of a request's head, in bytes; more is refused before it is stored. */
export const MOST_HEAD = 16 * 1024;

const LF = 10;
const CR = 13;
const END = "\r\n\r\n";
/** Of the first line: the longest target, and what stands around it. */
const MOST_LINE = MOST_TARGET + 64;
/** Of what is no HTTP, for telling what it is. */
const BEGINNING = 1024;

export interface FoundHead {
  readonly head: RequestHead;
  /** What came behind it; null: nothing. A view of the input. */
  readonly rest: Uint8Array | null;
}

/** Finds a request's head in the bytes of a connection. */
export class HeadReader {
  private held: Buffer | null = null;
  private skipped = false;

  /** Bytes held of a head that is not complete. */
  get buffered(): number {
    return this.held?.length ?? 0;
  }

  /** Something of a head has come, if only the empty lines that may stand before it: they go on for as long as a peer likes. */
  get begun(): boolean {
    return this.held !== null || this.skipped;
  }

  /** Null: it is not complete; the input is kept. @throws MalformedError as soon as it cannot become a head any more */
  read(chunk: Uint8Array): FoundHead | null {
    const input = this.join(chunk);
    const start = skipEmptyLines(input);
    const found = input.indexOf(END, start, "latin1");
    const size = (found < 0 ? input.length : found + END.length) - start;
    if (size > MOST_HEAD) throw tooLong(input, start);
    this.skipped = found < 0 && (this.skipped || start > 0);
    if (found < 0) {
      checkBeginning(input, start);
      // A copy: the chunk may be large, or lent.
      this.held = size === 0 ? null : Buffer.from(input.subarray(start));
      return null;
    }
    this.held = null;
    const head = readHead(input.toString("latin1", start, found));
    const end = found + END.length;
    return { head, rest: end < input.length ? input.subarray(end) : null };
  }

  private join(chunk: Uint8Array): Buffer {
    if (this.held !== null) return Buffer.concat([this.held, chunk]);
    return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  }
}

/** RFC 9112, section 2.2: empty lines before a request are ignored. */
function skipEmptyLines(input: Buffer): number {
  let at = 0;
  while (input[at] === CR && input[at + 1] === LF) at += 2;
  return at;
}

/** Who speaks something else need not wait for an answer until the deadline of a head that never ends. */
function checkBeginning(input: Buffer, start: number): void {
  const first = input[start];
  if (first === undefined) return;
  if (first !== CR && !isTokenCode(first)) throw new NotHttpError(beginning(input, start), "that is no HTTP request");
  const line = input.indexOf(LF, start);
  if (line < 0) {
    if (input.length - start > MOST_LINE) throw targetTooLong();
    return;
  }
  if (input[line - 1] === CR) readRequestLine(input.toString("latin1", start, line - 1));
  if (hasBareLf(input, line))
    throw foreign(beginning(input, start), "each line of a request must end in CR LF, and one ends in LF alone");
}

function hasBareLf(input: Buffer, first: number): boolean {
  for (let at = first; at >= 0; at = input.indexOf(LF, at + 1)) if (input[at - 1] !== CR) return true;
  return false;
}

function beginning(input: Buffer, start: number): string {
  return input.toString("latin1", start, start + BEGINNING);
}

function tooLong(input: Buffer, start: number): MalformedError {
  const line = input.indexOf(LF, start);
  if (line < 0 || line - start > MOST_LINE) return targetTooLong();
  return new MalformedError(431, "too-large", `the request's head is too long; send at most ${MOST_HEAD} bytes`);
}
