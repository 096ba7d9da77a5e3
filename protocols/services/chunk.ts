import { ProtocolError } from "../../src/bytes/decoder.ts";

/*
 * Chunk frames: `struct.pack("!BIQ", 1, id, offset)` and bytes of a file. A body of JSON begins with 0x7B instead.
 */

const MARK = 0x01;
const HEAD = 13;
const TWO_32 = 2 ** 32;

/** The most bytes of a file that one frame carries. */
export const MOST_CHUNK = 256 * 1024;

/** Bytes of a file for the put with this id; `offset` counts from the start of the file. */
export interface Chunk {
  readonly id: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export function isChunk(body: Uint8Array): boolean {
  return body[0] === MARK;
}

/** What stands before the bytes of a chunk. */
export function chunkHead(id: number, offset: number): Uint8Array {
  const head = new Uint8Array(HEAD);
  const view = new DataView(head.buffer);
  head[0] = MARK;
  view.setUint32(1, id);
  view.setUint32(5, Math.floor(offset / TWO_32));
  view.setUint32(9, offset % TWO_32);
  return head;
}

/** Reads a body that {@link isChunk}. @throws ProtocolError when it is too short or too long, or its offset 2^53 or more */
export function readChunk(body: Uint8Array): Chunk {
  if (body.length < HEAD)
    throw new ProtocolError(`a chunk begins with ${HEAD} bytes, packed with "!BIQ"; this has ${body.length}`);
  const bytes = body.subarray(HEAD);
  if (bytes.length > MOST_CHUNK) {
    throw new ProtocolError(`a chunk carries at most ${MOST_CHUNK} bytes of a file; this has ${bytes.length}`);
  }
  const view = new DataView(body.buffer, body.byteOffset, HEAD);
  const offset = view.getUint32(5) * TWO_32 + view.getUint32(9);
  if (offset > Number.MAX_SAFE_INTEGER) throw new ProtocolError("a chunk's offset is below 2^53");
  return { id: view.getUint32(1), offset, bytes };
}
