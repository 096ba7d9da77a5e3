import { expect, test } from "bun:test";
import { PlainProgress } from "../../../src/client/progress/plain.ts";
import { HandClock } from "../../support/hand-clock.ts";

function open() {
  const clock = new HandClock();
  const told: string[] = [];
  const lines = {
    result: (line: string) => told.push(`out ${line}`),
    note: (line: string) => told.push(`err ${line}`),
  };
  return { clock, told, progress: new PlainProgress(lines, clock) };
}

test("a line when a file is whole, and one every ten seconds until then", () => {
  const { clock, told, progress } = open();
  const bar = progress.begin("big.iso", 10_000, 5000);
  for (let second = 1; second <= 20; second++) {
    clock.move(1000);
    bar.at(5000 + second * 250);
  }
  bar.done();
  expect(told).toEqual([
    "err big.iso: 75.0 % of 10 kB, 250 B/s, 0:10 left",
    "err big.iso: 100.0 % of 10 kB, 250 B/s, 0:00 left",
    "out big.iso: 5 kB in 20.0 s, 250 B/s, resumed at 50.0 % of 10 kB",
  ]);
});

test("what was taken up and then begun anew is told as if it had come at once", () => {
  const { clock, told, progress } = open();
  const bar = progress.begin("a", 1000, 500);
  clock.move(1000);
  bar.at(0);
  bar.at(1000);
  bar.done();
  expect(told).toEqual(["out a: 1 kB in 1.0 s, 1 kB/s"]);
});

test("names and lines are escaped", () => {
  const { told, progress } = open();
  progress.begin("\x1b[2J", 0).done();
  progress.log("a\nb");
  expect(told).toEqual(["out \\x1b[2J: 0 B in 0.0 s, 0 B/s", "err a\\x0ab"]);
});
