import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { HashNews, HashTask } from "./files/upload/hasher.ts";

/*
 * The thread that hashes files. WebCrypto takes whole buffers only, and is not there at all on plain http, where most of
 * these pages are.
 */

const PIECE = 2 * 1024 * 1024;
const stopped = new Set<number>();
const say = (news: HashNews) => self.postMessage(news);

self.onmessage = ({ data }: MessageEvent<HashTask | { id: number; stop: true }>) => {
  if ("stop" in data) stopped.add(data.id);
  else void run(data);
};

async function run({ id, file, head }: HashTask): Promise<void> {
  try {
    const hash = sha256.create();
    if (head === 0) say({ id, kind: "head", sha256: bytesToHex(hash.clone().digest()) });
    for (let done = 0; done < file.size && !stopped.has(id); ) {
      const until = done < head ? Math.min(done + PIECE, head) : Math.min(done + PIECE, file.size);
      hash.update(new Uint8Array(await file.slice(done, until).arrayBuffer()));
      done = until;
      say({ id, kind: "progress", done });
      if (done === head) say({ id, kind: "head", sha256: bytesToHex(hash.clone().digest()) });
    }
    if (!stopped.delete(id)) say({ id, kind: "whole", sha256: bytesToHex(hash.digest()) });
  } catch (error) {
    say({ id, kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}
