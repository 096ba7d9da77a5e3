import { expect, test } from "bun:test";
import { LoopDelay } from "../../../src/control/metrics/loop-delay.ts";
import { HandClock } from "../../support/hand-clock.ts";

test("the loop is measured while somebody looks, and left alone five minutes later", () => {
  const clock = new HandClock();
  const seen: number[] = [];
  const delay = new LoopDelay(clock, (seconds) => void seen.push(seconds));
  expect(clock.waiting).toBe(0);
  delay.watch();
  delay.watch();
  clock.move(1_000);
  expect(seen).toEqual([0, 0, 0, 0]);
  clock.move(5 * 60_000);
  expect(clock.waiting).toBe(0);
  const { length } = seen;
  delay.watch();
  clock.move(250);
  expect(seen.length).toBe(length + 1);
});
