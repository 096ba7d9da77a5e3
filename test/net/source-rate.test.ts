import { expect, test } from "bun:test";
import { SourceRate } from "../../src/net/source-rate.ts";

/** How many answers a source gets out of `tries` at a moment. */
function answers(rate: SourceRate, key: number, now: number, tries: number): number {
  let count = 0;
  for (let i = 0; i < tries; i++) if (rate.take(key, now)) count++;
  return count;
}

test("a source has its answers and not one more in a second", () => {
  const rate = new SourceRate(1000);
  expect(answers(rate, 7, 0, 999)).toBe(999);
  expect(rate.take(7, 0)).toBe(true);
  expect(rate.take(7, 0)).toBe(false);
  expect(rate.take(7, 999.9)).toBe(false);
});

test("the next second begins with nothing counted", () => {
  const rate = new SourceRate(1000);
  expect(answers(rate, 7, 5000, 2000)).toBe(1000);
  expect(answers(rate, 7, 6000, 2000)).toBe(1000);
});

test("forged newcomers win a source no fresh start", () => {
  const rate = new SourceRate(1000);
  expect(answers(rate, 7, 0, 1000)).toBe(1000);
  for (let other = 0; other < 100_000; other++) rate.take(Math.imul(other, 0x2545f491), 0);
  expect(rate.take(7, 0)).toBe(false);
});

test("ten sources over their limit leave everybody else theirs", () => {
  const rate = new SourceRate(1000);
  for (let abuser = 1; abuser <= 10; abuser++) answers(rate, Math.imul(abuser, 0x2545f491), 0, 2000);
  let blocked = 0;
  for (let other = 1; other <= 5000; other++) if (!rate.take(Math.imul(other, 0x5bd1e995), 0)) blocked++;
  // A chance of about 50 pairs in 4 million for each: more than 20 of 5,000 would not be chance.
  expect(blocked).toBeLessThan(20);
});
