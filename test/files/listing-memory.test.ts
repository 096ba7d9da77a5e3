import { heapStats } from "bun:jsc";
import { expect, test } from "bun:test";
import type { Entry } from "../../src/files/entry.ts";
import { Share } from "./share.ts";

const FILES = 12_000;
const PEERS = 10;
/** An entry, its name and the names that were read ahead: some 200 KiB for 500 of them. */
const MOST_EACH = 600 * 1024;

test("a list of a large folder that nobody reads on keeps no more than a few pieces of names", async () => {
  await using share = new Share();
  const name = (i: number) => `${"n".repeat(60)}${i}`;
  for (let i = 0; i < FILES; i++) share.put(name(i), "");
  const lists = Array.from({ length: PEERS }, () => share.enter(["read"]).entries("/"));
  const heap = () => {
    Bun.gc(true);
    return heapStats().heapSize;
  };
  const before = heap();
  const first: (readonly Entry[])[] = [];
  for (const list of lists) first.push((await list.next()).value ?? []);
  expect(first.map(({ length }) => length)).toEqual(first.map(() => 500));
  expect((heap() - before) / PEERS).toBeLessThan(MOST_EACH);
  let all = 500;
  for await (const batch of lists[0] ?? []) all += batch.length;
  expect(all).toBe(FILES);
  for (const list of lists) await list.return(undefined);
});
