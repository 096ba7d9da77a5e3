import { readSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { HashAnswer, HashJob, HashOrder } from "./hashing.ts";

/*
 * The thread that hashes files (see hashing.ts). It shares the descriptors of the process.
 */

declare const self: Worker;

/** A job gets so much of a turn, so that a small file does not wait for a large one. */
const BYTES_A_TURN = 4 * 1024 * 1024;
const PIECE = 1024 * 1024;
const buffer = Buffer.allocUnsafe(PIECE);

interface Sum {
  update(bytes: Uint8Array): unknown;
  hex(): string;
}

interface Running {
  readonly job: HashJob;
  readonly sum: Sum;
  bytes: number;
}

const jobs = new Map<number, Running>();
let turning = false;

self.onmessage = ({ data }: MessageEvent<HashOrder>) => {
  if ("cancel" in data) {
    if (jobs.delete(data.id)) tell({ id: data.id, hash: null, bytes: 0 });
    return;
  }
  jobs.set(data.id, { job: data, sum: sumOf(data), bytes: 0 });
  if (!turning) turn();
};

function turn(): void {
  turning = jobs.size > 0;
  for (const [id, running] of jobs) {
    const answer = advance(id, running);
    if (answer === null) continue;
    jobs.delete(id);
    tell(answer);
  }
  // Orders that came meanwhile are heard before the next turn.
  if (jobs.size > 0) setImmediate(turn);
  else turning = false;
}

/** Null while there is more to do. */
function advance(id: number, running: Running): HashAnswer | null {
  const { job, sum } = running;
  const until = Math.min(job.length, running.bytes + BYTES_A_TURN);
  try {
    while (running.bytes < until) {
      const length = Math.min(PIECE, until - running.bytes);
      const got = readSync(job.fd, buffer, 0, length, job.offset + running.bytes);
      if (got === 0) return { id, hash: sum.hex(), bytes: running.bytes };
      sum.update(buffer.subarray(0, got));
      running.bytes += got;
    }
  } catch (error) {
    return { id, hash: null, bytes: running.bytes, error: String(error) };
  }
  return running.bytes === job.length ? { id, hash: sum.hex(), bytes: running.bytes } : null;
}

function sumOf({ algorithm }: HashJob): Sum {
  if (algorithm === "crc32") {
    let value = 0;
    return {
      update(bytes) {
        value = crc32(bytes, value);
      },
      hex: () => value.toString(16).padStart(8, "0"),
    };
  }
  const hasher = new Bun.CryptoHasher(algorithm);
  return { update: (bytes) => hasher.update(bytes), hex: () => hasher.digest("hex") };
}

function tell(answer: HashAnswer): void {
  postMessage(answer);
}
