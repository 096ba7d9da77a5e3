import { expect, test } from "bun:test";
import { Writable } from "node:stream";
import { TerminalProgress } from "../../../src/client/progress/terminal.ts";
import { HandClock } from "../../support/hand-clock.ts";

/** A screen that keeps what it is told. */
function open(columns = 80) {
  const clock = new HandClock();
  const told: string[] = [];
  const write = (chunk: Buffer, _: unknown, done: () => void) => {
    told.push(chunk.toString());
    done();
  };
  const stream = Object.assign(new Writable({ write }), { isTTY: true, columns });
  return { clock, told, progress: new TerminalProgress(stream as unknown as NodeJS.WriteStream, clock, null) };
}

test("the bar of all tells how many files there are, however many", () => {
  for (const [files, shown] of [
    [999, "total (0 of 999)"],
    [10_000, "0 of 10000"],
    [1_000_000, "0 of 1000000"],
  ] as const) {
    const { told, progress } = open();
    progress.expect(files, 1_000_000);
    const bar = progress.begin("a", 10);
    progress.stop();
    bar.failed("it was stopped");
    expect(told.join("")).toContain(shown);
  }
});

test.each([30, 40, 60, 80])("a bar tells how far it is on a screen of %d columns", (columns) => {
  const { clock, told, progress } = open(columns);
  const bar = progress.begin(`${"x".repeat(100)}.iso`, 1000, 382);
  clock.move(1000);
  bar.at(482);
  progress.log("x");
  progress.stop();
  bar.failed("it was stopped");
  expect(told.join("")).toMatch(/iso .*48\.2 %/);
});

test("the bar of all has no percentage while nobody knows the size of one", () => {
  const { clock, told, progress } = open();
  const [sized, sizeless] = [progress.begin("a", 100), progress.begin("b", null)];
  clock.move(1000);
  sized.at(50);
  sizeless.at(7000);
  progress.log("x");
  progress.stop();
  const totals = () =>
    told
      .join("")
      .split(/[\r\n]|\x1b\[1?G/)
      .filter((line) => line.includes("total"));
  expect(totals().at(-1)).toMatch(/^total \(0 of 2\) +7\.05 kB +\S+ \S+B\/s/);
  sized.failed("it was stopped");
  sizeless.failed("it was stopped");
});

test("what has failed is no longer to come", () => {
  const { clock, told, progress } = open();
  progress.expect(2, 3000);
  const [a, b] = [progress.begin("a", 1000), progress.begin("b", 2000)];
  clock.move(1000);
  a.failed("there is another file");
  b.at(1000);
  progress.log("x");
  progress.stop();
  expect(told.join("")).toMatch(/total \(1 of 2\) +\S+ +50\.0 % +2 kB /);
  b.failed("it was stopped");
});

test("what is over at once has a line and no bar; what takes longer has one", () => {
  const { clock, told, progress } = open();
  const bars = ["a", "b"].map((name) => progress.begin(name, 10));
  clock.move(100);
  for (const bar of bars) {
    bar.at(10);
    bar.done();
  }
  clock.move(1000);
  const slow = progress.begin("slow.iso", 10);
  clock.move(1000);
  slow.at(5);
  slow.failed("it was stopped");
  progress.stop();
  const shown = told.join("");
  const barred = shown.split(/[\r\n]|\x1b\[1?G/).filter((line) => line.includes("%"));
  expect(new Set(barred.map((line) => line.trim().split(" ")[0]))).toEqual(new Set(["slow.iso", "total"]));
  expect(shown).toContain("b: 10 B in 0.1 s");
});
