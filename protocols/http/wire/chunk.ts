/** Behind the last chunk. */
export const END_OF_CHUNKS = Buffer.from("0\r\n\r\n");

/** A piece of a body, not empty, as a chunk (RFC 9112, section 7.1). */
export function asChunk(piece: Uint8Array): Uint8Array {
  const size = piece.length.toString(16);
  const chunk = Buffer.allocUnsafe(size.length + 4 + piece.length);
  chunk.write(`${size}\r\n`, 0, "latin1");
  chunk.set(piece, size.length + 2);
  chunk.write("\r\n", size.length + 2 + piece.length, "latin1");
  return chunk;
}
