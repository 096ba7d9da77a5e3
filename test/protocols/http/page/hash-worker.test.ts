import { afterAll, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import type { HashNews, HashTask } from "../../../../protocols/http/page/app/files/upload/hasher.ts";

const MIB = 1024 * 1024;
const worker = new Worker(new URL("../../../../protocols/http/page/app/hash-worker.ts", import.meta.url));
afterAll(() => worker.terminate());

const sha256 = (bytes: Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

/** All that the thread says of a task. */
async function news(task: HashTask): Promise<readonly HashNews[]> {
  const heard: HashNews[] = [];
  const done = Promise.withResolvers<void>();
  worker.onmessage = ({ data }: MessageEvent<HashNews>) => {
    heard.push(data);
    if (data.kind === "whole" || data.kind === "failed") done.resolve();
  };
  worker.postMessage(task);
  await done.promise;
  return heard;
}

/** Pieces are of 8 MiB. */
test.each([
  [0, 0],
  [1, 0],
  [1, 1],
  [100_000, 65],
  [8 * MIB, 8 * MIB],
  [8 * MIB + 1, 8 * MIB],
  [17 * MIB + 3, 8 * MIB + 1],
  [17 * MIB + 3, 17 * MIB + 3],
])("a file of %d bytes is hashed, and its first %d as well", async (size, head) => {
  const bytes = randomBytes(size);
  const heard = await news({ id: size, file: new Blob([bytes]), head });
  expect(heard.filter(({ kind }) => kind !== "progress")).toEqual([
    { id: size, kind: "head", sha256: sha256(bytes.subarray(0, head)) },
    { id: size, kind: "whole", sha256: sha256(bytes) },
  ]);
  const told = heard.flatMap((one) => (one.kind === "progress" ? [one.done] : []));
  expect(told.at(-1) ?? 0).toBe(size);
});
