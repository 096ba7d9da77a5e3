import { expect, test } from "bun:test";
import { LoopDetector } from "../../src/net/loop-detector.ts";

/** The number of the first datagram without an answer when each comes in a turn of its own, or null. */
function firstDropped(detector: LoopDetector, print: number, count: number, everyMs = 1): number | null {
  for (let i = 1; i <= count; i++) if (detector.bounces(print, i, i * everyMs)) return i;
  return null;
}

test("an equal datagram after every answer is a loop from the 101st on", () => {
  const detector = new LoopDetector();
  expect(firstDropped(detector, 42, 100)).toBeNull();
  expect(detector.bounces(42, 101, 101)).toBe(true);
});

test("the count starts anew after the one that was not answered", () => {
  const detector = new LoopDetector();
  expect(firstDropped(detector, 42, 1000)).toBe(101);
  expect(firstDropped(detector, 42, 1000)).toBe(101);
});

test("a second equal datagram in one turn is fresh load", () => {
  const detector = new LoopDetector();
  expect(firstDropped(detector, 42, 99)).toBeNull();
  expect(detector.bounces(42, 100, 100)).toBe(false);
  expect(detector.bounces(42, 100, 100)).toBe(false);
  for (let turn = 101; turn <= 199; turn++) expect(detector.bounces(42, turn, turn)).toBe(false);
  expect(detector.bounces(42, 200, 200)).toBe(true);
});

test("a pause of a second is no loop", () => {
  expect(firstDropped(new LoopDetector(), 42, 300, 1001)).toBeNull();
  expect(firstDropped(new LoopDetector(), 42, 300, 1000)).toBe(101);
});

test("another datagram in the same slot begins at nothing", () => {
  const detector = new LoopDetector();
  expect(firstDropped(detector, 42, 99)).toBeNull();
  expect(detector.bounces(42 + 4096, 100, 100)).toBe(false);
  expect(firstDropped(detector, 42, 100)).toBeNull();
});

test("hashes with the highest bit set are remembered", () => {
  expect(firstDropped(new LoopDetector(), 0xffff_fffe, 1000)).toBe(101);
});
