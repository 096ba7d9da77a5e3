import { expect, test } from "bun:test";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { FileSegment, type FileTurn } from "../../src/net/file-segment.ts";
import { TempFolder } from "../support/temp.ts";

const MIB = 1024 * 1024;
/** What is encrypted at once. */
const PIECE = 48 * 1024;

/** A disk and a clock: each piece takes as long as `cost` says of the place where it begins. */
class Bench implements FileTurn {
  until = Number.POSITIVE_INFINITY;
  sent = 0;
  /** MiB that were read ahead, by where they begin. */
  readonly ahead: number[] = [];
  private time = 0;

  constructor(private readonly cost: (offset: number) => number) {}

  now(): number {
    return this.time;
  }

  /** Sends a file of so many MiB over TLS. */
  async send(path: string, mib: number): Promise<void> {
    writeFileSync(path, Buffer.alloc(mib * MIB));
    const fd = openSync(path, "r");
    const segment = new FileSegment({ fd, offset: 0, length: mib * MIB }, () => {});
    const sink = {
      fd: -1,
      write: (bytes: Uint8Array) => {
        this.time += this.cost(this.sent);
        this.sent += bytes.length;
        return bytes.length;
      },
    };
    for (let result = ""; result !== "done"; ) {
      const { promise, resolve } = Promise.withResolvers<void>();
      result = segment.pump(sink, true, this, { wake: resolve });
      if (result !== "reading") continue;
      this.ahead.push(this.sent / MIB);
      await promise;
    }
    closeSync(fd);
  }
}

test("a disk that was slow once is read ahead for a while, and then believed again", async () => {
  using folder = new TempFolder();
  const bench = new Bench((offset) => (offset === 21 * PIECE ? 11 : 0));
  await bench.send(folder.file("big"), 12);
  expect(bench.sent).toBe(12 * MIB);
  // A MiB at a time, which ends within a piece.
  expect(bench.ahead).toEqual([22, 44, 66, 88].map((pieces) => (pieces * PIECE) / MIB));
});

test("a disk that stays slow is read ahead to the end", async () => {
  using folder = new TempFolder();
  const bench = new Bench(() => 11);
  await bench.send(folder.file("big"), 12);
  expect(bench.ahead.length).toBeGreaterThan(10);
});

test("who asks for the bytes is lent those that were taken, each once and in order", async () => {
  using folder = new TempFolder();
  const bytes = Buffer.from(Array.from({ length: MIB }, (_, at) => (at * 31) & 0xff));
  writeFileSync(folder.file("big"), bytes);
  const fd = openSync(folder.file("big"), "r");
  const [sent, seen]: [Buffer[], Buffer[]] = [[], []];
  const slice = { fd, offset: 5, length: MIB - 5, onBytes: (lent: Uint8Array) => void seen.push(Buffer.from(lent)) };
  const segment = new FileSegment(slice, () => {});
  const sink = {
    fd: -1,
    // A socket that takes none, some, all.
    write(offered: Uint8Array) {
      const taken = [0, 1, 70_000, offered.length][(sent.length + seen.length) % 4] ?? 0;
      sent.push(Buffer.from(offered.subarray(0, taken)));
      return Math.min(taken, offered.length);
    },
  };
  const turn = { until: Number.POSITIVE_INFINITY, now: () => 0 };
  while (segment.pump(sink, false, turn, { wake() {} }) !== "done");
  closeSync(fd);
  expect(Buffer.concat(sent).equals(bytes.subarray(5))).toBe(true);
  expect(Buffer.concat(seen).equals(bytes.subarray(5))).toBe(true);
});
