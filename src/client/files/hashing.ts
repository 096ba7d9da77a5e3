import type { FileHandle } from "node:fs/promises";
import { Stopped } from "./trouble.ts";

const PIECE = 1024 * 1024;

/** Feeds the first `length` bytes of a file to a hash, piece by piece; gives how many there were. */
export async function hashBeginning(
  file: FileHandle,
  length: number,
  hasher: Bun.CryptoHasher,
  signal: AbortSignal,
): Promise<number> {
  const piece = Buffer.allocUnsafe(Math.min(PIECE, Math.max(1, length)));
  let at = 0;
  while (at < length) {
    if (signal.aborted) throw new Stopped();
    const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, length - at), at);
    if (bytesRead === 0) break;
    hasher.update(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
  return at;
}

export function sha256(): Bun.CryptoHasher {
  return new Bun.CryptoHasher("sha256");
}

/** The hash of what was fed so far, which may go on. */
export function hashSoFar(hasher: Bun.CryptoHasher): string {
  return hasher.copy().digest("hex");
}
