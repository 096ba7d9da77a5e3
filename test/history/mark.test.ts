import { describe, expect, test } from "bun:test";
import { closeSync, mkdirSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { Mark } from "../../src/history/mark.ts";
import { TempFolder } from "../support/temp.ts";

/** How a daemon finds the mark of one that did this and ended. */
function after(work: (mark: Mark) => void, boot = "one", next = "one"): boolean {
  using folder = new TempFolder();
  const mark = new Mark(folder.path, boot);
  expect(mark.clean).toBe(false);
  mark.begin();
  work(mark);
  const { clean } = new Mark(folder.path, next);
  mark.close(false);
  return clean;
}

/** Which of this process's descriptors is a file. */
function descriptorOf(path: string): number {
  const own = "/proc/self/fd";
  const isIt = (fd: string) => {
    try {
      return readlinkSync(`${own}/${fd}`) === path;
    } catch {
      return false;
    }
  };
  return Number(readdirSync(own).find(isIt) ?? Number.NaN);
}

describe("a daemon was killed", () => {
  test("when all that it told was on the disk", () => {
    expect(after(() => {})).toBe(true);
    expect(
      after((mark) => {
        mark.ahead();
        mark.settled();
      }),
    ).toBe(true);
  });

  test("when something was not", () => {
    expect(after((mark) => mark.ahead())).toBe(false);
    expect(
      after((mark) => {
        mark.ahead();
        mark.settled();
        mark.ahead();
        mark.ahead();
      }),
    ).toBe(false);
  });

  test("by a loss of power, which the word may not have outlived", () => {
    expect(after(() => {}, "one", "two")).toBe(false);
    expect(after(() => {}, "", "")).toBe(false);
  });
});

test("a daemon that ended in peace is trusted after a restart of the machine too", () => {
  expect(after((mark) => mark.close(true), "one", "two")).toBe(true);
  expect(after((mark) => mark.close(false), "one", "two")).toBe(false);
});

test("a file that can neither be written nor removed stops nobody", () => {
  using folder = new TempFolder();
  const mark = new Mark(folder.path);
  mark.begin();
  const path = folder.file("history.mark");
  // As a device does that fails: the descriptor takes nothing any more, and a folder is not removed as a file is.
  closeSync(descriptorOf(path));
  rmSync(path);
  mkdirSync(path);
  expect(() => mark.ahead()).not.toThrow();
  expect(new Mark(folder.path).clean).toBe(false);
});

test("the file is for its owner alone", () => {
  using folder = new TempFolder();
  const mark = new Mark(folder.path);
  mark.begin();
  expect(statSync(folder.file("history.mark")).mode & 0o777).toBe(0o600);
  mark.close(true);
});
