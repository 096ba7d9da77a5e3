import { createSHA256, type IHasher } from "hash-wasm";
import type { HashNews, HashTask } from "./files/upload/hasher.ts";

/*
 * The thread that hashes files. WebCrypto takes whole buffers only, and is not there on plain http. In Chromium on one
 * busy core hash-wasm takes 300 MiB/s, what is written in JavaScript 77.
 */

/** In smaller ones Chromium reads half as fast. */
const PIECE = 8 * 1024 * 1024;
const stopped = new Set<number>();
const say = (news: HashNews) => self.postMessage(news);

self.onmessage = ({ data }: MessageEvent<HashTask | { id: number; stop: true }>) => {
  if ("stop" in data) stopped.add(data.id);
  else void run(data);
};

async function run({ id, file, head }: HashTask): Promise<void> {
  try {
    const hash = (await createSHA256()).init();
    let done = 0;
    if (head === 0) say({ id, kind: "head", sha256: soFar(hash) });
    for await (const piece of piecesOf(file)) {
      if (stopped.delete(id)) return;
      const rest = done < head ? head - done : 0;
      hash.update(piece.subarray(0, rest));
      if (rest > 0 && rest <= piece.length) say({ id, kind: "head", sha256: soFar(hash) });
      hash.update(piece.subarray(rest));
      done += piece.length;
      say({ id, kind: "progress", done });
    }
    say({ id, kind: "whole", sha256: hash.digest() });
  } catch (error) {
    say({ id, kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

/** Of what has come so far; more may come. */
function soFar(hash: IHasher): string {
  const state = hash.save();
  const sha256 = hash.digest();
  hash.load(state);
  return sha256;
}

/** In their order; the next one is read while one is worked on. */
async function* piecesOf(file: Blob): AsyncGenerator<Uint8Array> {
  const read = (from: number) => file.slice(from, from + PIECE).arrayBuffer();
  let next = read(0);
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = await next;
    next = read(at + PIECE);
    // Where it is waited for, it is heard of.
    next.catch(() => {});
    yield new Uint8Array(piece);
  }
}
