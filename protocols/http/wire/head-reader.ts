import { MalformedError } from "./http-error.ts";
import { type RequestHead, readHead } from "./request-head.ts";

/** Of a request's head, in bytes; more is refused before it is stored. */
export const MOST_HEAD = 16 * 1024;

const LF = 10;
const CR = 13;
/** The first bytes of a TLS handshake: record type 22, version 3. */
const TLS_RECORD = 22;

export interface FoundHead {
  readonly head: RequestHead;
  /** What came behind it; null: nothing. A view of the input. */
  readonly rest: Uint8Array | null;
}

/** Finds a request's head in the bytes of a connection. */
export class HeadReader {
  private held: Buffer | null = null;

  /** Bytes held of a head that is not complete. */
  get buffered(): number {
    return this.held?.length ?? 0;
  }

  /** Null: it is not complete; the input is kept. @throws MalformedError */
  read(chunk: Uint8Array): FoundHead | null {
    const input = this.join(chunk);
    const start = this.held === null || this.held.length === 0 ? skipEmptyLines(input) : 0;
    const end = endOfHead(input, start);
    if (end < 0) {
      if (input.length - start > MOST_HEAD) throw tooLong();
      // A copy: the chunk may be large, or lent.
      this.held = start === input.length ? null : Buffer.from(input.subarray(start));
      return null;
    }
    this.held = null;
    if (end - start > MOST_HEAD) throw tooLong();
    const head = readHead(input.toString("latin1", start, end - 4));
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

/** Behind the empty line that ends a head; -1: it is not there yet. A line that ends in LF alone is no line of HTTP. */
function endOfHead(input: Buffer, start: number): number {
  const found = input.indexOf("\r\n\r\n", start, "latin1");
  if (found >= 0) return found + 4;
  if (input[start] === TLS_RECORD && input[start + 1] === 3)
    throw new MalformedError(
      400,
      "bad-request",
      "this port speaks HTTP without TLS, and that is a TLS handshake; use the https port",
    );
  const line = input.indexOf(LF, start);
  if (line >= start && input[line - 1] !== CR)
    throw new MalformedError(400, "bad-request", "each line of a request must end in CR LF, and one ends in LF alone");
  return -1;
}

function tooLong(): MalformedError {
  return new MalformedError(431, "too-large", `the request's head is too long; send at most ${MOST_HEAD} bytes`);
}
