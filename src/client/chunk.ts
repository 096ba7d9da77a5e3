/*
 * Chunk frames (protocols/framed/README.md): a body of `struct.pack("!BIQ", 1, id, offset)` and then bytes of a file. A
 * body of JSON begins with `{`.
 */

const MARK = 1;
/** Length of the frame, in front of everything. */
const LENGTH = 4;
const HEAD = 1 + 4 + 8;
/** The most bytes of a file in one frame. */
export const MOST_CHUNK = 256 * 1024;
/** What a chunk frame's body has beside the bytes of the file. */
export const CHUNK_OVERHEAD = HEAD;

/** A frame whose file bytes are read straight into it, so that they are copied nowhere. */
export class ChunkFrame {
  private readonly frame: Buffer;

  /** @param room for so many bytes of a file */
  constructor(room: number) {
    this.frame = Buffer.allocUnsafe(LENGTH + HEAD + room);
  }

  /** Where the file's bytes go. */
  get room(): Buffer {
    return this.frame.subarray(LENGTH + HEAD);
  }

  /** The frame with the first `length` bytes of the room, ready to send; they may not change any more. */
  seal(id: number, offset: number, length: number): Buffer {
    const { frame } = this;
    frame.writeUInt32BE(HEAD + length, 0);
    frame.writeUInt8(MARK, LENGTH);
    frame.writeUInt32BE(id, LENGTH + 1);
    frame.writeBigUInt64BE(BigInt(offset), LENGTH + 5);
    return frame.subarray(0, LENGTH + HEAD + length);
  }
}

export function isChunk(body: Uint8Array): boolean {
  return body[0] === MARK;
}

/** The parts of a chunk frame's body; null when it is cut short, or its offset is beyond 2^53. */
export function readChunk(body: Uint8Array): { id: number; offset: number; bytes: Uint8Array } | null {
  if (body.length < HEAD) return null;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const offset = Number(view.getBigUint64(5));
  if (!Number.isSafeInteger(offset)) return null;
  return { id: view.getUint32(1), offset, bytes: body.subarray(HEAD) };
}
