import { expect, test } from "bun:test";
import { Pace } from "../../../../../protocols/http/page/app/lib/pace.ts";

test("the time left is told after a while, by how fast it went lately", () => {
  const pace = new Pace();
  expect(pace.left(5_000, 0, 1_000)).toBeNull();
  expect(pace.left(6_000, 100, 1_000)).toBeNull();
  expect(pace.left(7_000, 200, 1_000)).toBe(8);
  for (let at = 8_000; at <= 40_000; at += 1_000) pace.left(at, 200 + (at - 7_000) / 100, 1_000);
  expect(pace.left(41_000, 540, 1_000)).toBeCloseTo(46);
});

test("what stands still, went back or was paused has none", () => {
  const pace = new Pace();
  for (const at of [0, 3_000]) expect(pace.left(at, 50, 100)).toBeNull();
  expect(pace.left(6_000, 60, 100)).toBe(24);
  expect(pace.left(7_000, 10, 100)).toBeNull();
  expect(pace.left(9_000, 20, 100)).toBe(16);
  pace.rest();
  expect(pace.left(60_000, 20, 100)).toBeNull();
});
