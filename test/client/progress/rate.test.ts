import { expect, test } from "bun:test";
import { Rate } from "../../../src/client/progress/rate.ts";
import { HandClock } from "../../support/hand-clock.ts";

test("the rate is that of the last seconds, and bytes of earlier tries do not count", () => {
  const clock = new HandClock();
  const rate = new Rate(clock, 5000);
  clock.move(1000);
  rate.at(6000);
  expect([rate.now, rate.overall]).toEqual([1000, 1000]);
  clock.move(3000);
  rate.at(6400);
  clock.move(4000);
  rate.at(6400);
  expect([rate.now, rate.overall]).toEqual([0, 175]);
});

test("a file that is begun anew is not told with a rate below zero", () => {
  const clock = new HandClock();
  const rate = new Rate(clock, 5000);
  clock.move(1000);
  rate.at(0);
  clock.move(1000);
  rate.at(500);
  expect([rate.now, rate.overall]).toEqual([500, 250]);
});
