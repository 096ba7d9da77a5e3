import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Page, Range } from "../../src/chat/history.ts";
import { MemoryLog } from "../../src/chat/memory-log.ts";

const time = "2026-01-02T03:04:05.678Z";

function filled(count: number, text = "hi", keep?: number): MemoryLog {
  const log = new MemoryLog(keep);
  for (let n = 1; n <= count; n++) log.append("#a", { event: "message", from: "ann", text, time });
  return log;
}

const seqs = (page: Page) => page.events.map((event) => event.seq);

describe("numbering", () => {
  test("counts from 1 in one epoch, each room for itself", () => {
    const log = filled(2);
    const { epoch } = log.state("#a");
    const third = log.append("#a", { event: "topic", from: "bob", text: "t", time });
    expect(third).toEqual({ event: "topic", room: "#a", from: "bob", text: "t", time, epoch, seq: 3 });
    expect(log.state("#a")).toEqual({ epoch, seq: 3, topic: "t" });
    expect(log.state("#b").seq).toBe(0);
    expect(log.state("#b").epoch).not.toBe(epoch);
    expect(epoch).toMatch(/^[0-9a-z]{6}$/);
  });

  test("begins anew when a room is forgotten", () => {
    const log = filled(3);
    const { epoch } = log.state("#a");
    log.forget("#a");
    expect(log.state("#a").seq).toBe(0);
    expect(log.state("#a").epoch).not.toBe(epoch);
    expect(log.read("#a", {})).toEqual({ events: [], next: null, oldest: 1 });
  });
});

describe("reading", () => {
  test("the newest come first, oldest first in each page", () => {
    const log = filled(10);
    expect(log.read("#a", { limit: 4 })).toMatchObject({ next: 7, oldest: 1 });
    expect(seqs(log.read("#a", { limit: 4 }))).toEqual([7, 8, 9, 10]);
    expect(seqs(log.read("#a", { limit: 4, before: 7 }))).toEqual([3, 4, 5, 6]);
    expect(log.read("#a", { limit: 4, before: 3 })).toMatchObject({ next: null });
    expect(seqs(log.read("#a", { limit: 4, before: 3 }))).toEqual([1, 2]);
  });

  test("what follows a number comes nearest first", () => {
    const log = filled(10);
    expect(seqs(log.read("#a", { after: 3, limit: 4 }))).toEqual([4, 5, 6, 7]);
    expect(log.read("#a", { after: 3, limit: 4 }).next).toBe(7);
    expect(log.read("#a", { after: 7, limit: 4 })).toMatchObject({ next: null });
    expect(seqs(log.read("#a", { after: 3, before: 6 }))).toEqual([4, 5]);
    expect(seqs(log.read("#a", { after: 10 }))).toEqual([]);
  });

  test("only the last 200 are kept", () => {
    expect(filled(199).read("#a", {})).toMatchObject({ oldest: 1 });
    expect(filled(200).read("#a", {})).toMatchObject({ oldest: 1 });
    const log = filled(450);
    expect(log.read("#a", {}).oldest).toBe(251);
    expect(seqs(log.read("#a", {}))).toEqual(Array.from({ length: 200 }, (_, i) => 251 + i));
    expect(seqs(log.read("#a", { after: 3, limit: 2 }))).toEqual([251, 252]);
  });

  test.each(["x", "小", '"', "\\", "\n"])("a page of messages full of %p is at most 256 KiB of JSON", (letter) => {
    const text = letter.repeat(4_000 / new TextEncoder().encode(letter).length);
    const log = filled(200, text);
    let read = 0;
    for (let before: number | null = 201; before !== null; ) {
      const page: Page = log.read("#a", { before });
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(256 * 1024);
      expect(page.events.length).toBeGreaterThan(0);
      read += page.events.length;
      before = page.next;
    }
    expect(read).toBe(200);
  });

  test("paging in either direction gives every event once", () => {
    const walk = fc.record({
      count: fc.nat(60),
      keep: fc.integer({ min: 1, max: 40 }),
      limit: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(walk, fc.boolean(), ({ count, keep, limit }, forward) => {
        const log = filled(count, "hi", keep);
        const pages: number[][] = [];
        for (let at: number | null = forward ? 0 : count + 1; at !== null; ) {
          const range: Range = forward ? { after: at, limit } : { before: at, limit };
          const page = log.read("#a", range);
          pages.push(seqs(page));
          at = page.next;
        }
        const all = (forward ? pages : pages.reverse()).flat();
        const kept = Math.min(count, keep);
        expect(all).toEqual(Array.from({ length: kept }, (_, i) => count - kept + 1 + i));
      }),
    );
  });

  test("odd numbers read nothing that is not there", () => {
    const log = filled(5);
    expect(seqs(log.read("#a", { after: 1.5 }))).toEqual([2, 3, 4, 5]);
    expect(seqs(log.read("#a", { before: 2.5 }))).toEqual([1, 2]);
    expect(seqs(log.read("#a", { after: -7, before: 1e300, limit: 0 }))).toEqual([1, 2, 3, 4, 5]);
    expect(seqs(log.read("#a", { after: Number.NaN }))).toEqual([]);
  });
});
