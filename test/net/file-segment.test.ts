import { expect, test } from "bun:test";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { FileSegment, type FileTurn } from "../../src/net/file-segment.ts";
import { TempFolder } from "../support/temp.ts";

const MIB = 1024 * 1024;

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
  const bench = new Bench((offset) => (offset === MIB ? 11 : 0));
  await bench.send(folder.file("big"), 12);
  expect(bench.sent).toBe(12 * MIB);
  expect(bench.ahead).toEqual([1.25, 2.25, 3.25, 4.25]);
});

test("a disk that stays slow is read ahead to the end", async () => {
  using folder = new TempFolder();
  const bench = new Bench(() => 11);
  await bench.send(folder.file("big"), 12);
  expect(bench.ahead.length).toBeGreaterThan(10);
});
