import { expect, test } from "bun:test";
import { Writable } from "node:stream";
import { TerminalProgress } from "../../../src/client/progress/terminal.ts";
import { HandClock } from "../../support/hand-clock.ts";

test("what is over at once has a line and no bar; what takes longer has one", () => {
  const clock = new HandClock();
  let shown = "";
  const write = (chunk: Buffer, _: unknown, done: () => void) => {
    shown += chunk.toString();
    done();
  };
  const stream = Object.assign(new Writable({ write }), { isTTY: true, columns: 80 });
  const progress = new TerminalProgress(stream as unknown as NodeJS.WriteStream, clock, null);
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
  const barred = shown.split(/[\r\n]|\x1b\[1?G/).filter((line) => line.includes("%"));
  expect(new Set(barred.map((line) => line.trim().split(" ")[0]))).toEqual(new Set(["slow.iso", "total"]));
  expect(shown).toContain("b: 10 B in 0.1 s");
});
