import { ProtocolError } from "./decoder.ts";
import type { HeaderFormat } from "./header.ts";
import { unpack } from "./struct.ts";

/** As much of what follows a bad header as tells one foreign protocol from another. */
const MOST_HEAD = 256;

/** A header claims a body that is over the limit, or negative. Nothing of the body was stored. */
export class FrameLengthError extends ProtocolError {
  constructor(
    header: HeaderFormat,
    max: number,
    /** What the header says; `Infinity` or `-Infinity` beyond 2^53. */
    readonly length: number,
    /** The header's bytes and whatever of the same push follows it, at most 256 bytes. */
    readonly head: Uint8Array,
  ) {
    const [exact] = unpack(header.format, head.subarray(0, header.size));
    super(`a frame header says ${exact} bytes, which is ${length < 0 ? "negative" : `over the limit of ${max}`}`);
  }
}

/**
 * The length that the header at `at` says, checked before a byte of the body is stored. Behind the header the stream goes
 * on in `chunk` at `rest`.
 *
 * @throws FrameLengthError
 */
export function readLength(
  header: HeaderFormat,
  max: number,
  bytes: Uint8Array,
  at: number,
  chunk: Uint8Array,
  rest: number,
): number {
  const length = header.read(bytes, at);
  if (length >= 0 && length <= max) return length;
  const known = bytes.subarray(at, at + header.size);
  const head = Buffer.concat([known, chunk.subarray(rest, rest + MOST_HEAD - known.length)]);
  throw new FrameLengthError(header, max, length, head);
}
