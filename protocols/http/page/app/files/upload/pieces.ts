/** `Content-Range` of a request (RFC 9110, section 14.4): these bytes of a file of this size; of nothing, a question. */
export function contentRange(from: number, length: number, size: number): string {
  return length === 0 ? `bytes */${size}` : `bytes ${from}-${from + length - 1}/${size}`;
}

/** `Repr-Digest` (RFC 9530) of a SHA-256 in hexadecimal. */
export function reprDigest(sha256: string): string {
  const bytes = Uint8Array.from(sha256.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return `sha-256=:${btoa(String.fromCharCode(...bytes))}:`;
}
