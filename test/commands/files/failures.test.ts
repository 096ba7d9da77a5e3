import { expect, test } from "bun:test";
import { LeftOut, LocalTrouble } from "../../../src/client/files/trouble.ts";
import { Failures } from "../../../src/commands/files/failures.ts";
import { CommandError, Exit } from "../../../src/exit.ts";

/** What is told after some things failed and some did not. */
async function told(failed: readonly string[], fine: number, several = true) {
  const lines: string[] = [];
  const failures = new Failures(several, { fail: (line) => void lines.push(line), skip() {}, log() {} });
  for (let i = 0; i < fine; i++) await failures.attempt(`fine ${i}`, async () => {});
  for (const name of failed) {
    await failures.attempt(name, async () => {
      throw new LocalTrouble("the disk is full");
    });
  }
  try {
    failures.finish();
    return { lines, last: null };
  } catch (error) {
    return { lines, last: error instanceof CommandError ? error.message : error };
  }
}

test("each failure has a line of its own, and the last line has their names", async () => {
  expect(await told(["a.txt", "d/b.txt"], 5)).toEqual({
    lines: ["a.txt: the disk is full", "d/b.txt: the disk is full"],
    last: "2 of 7 failed: a.txt, d/b.txt",
  });
});

test("a reason that names what it is about is told alone", async () => {
  for (const [name, reason, line] of [
    ["d/a", 'there is no "/d/a"', 'there is no "/d/a"'],
    ["d/", '"/d" is a folder', '"/d" is a folder'],
    ["a", "a changed while it was sent", "a changed while it was sent"],
    ["a", "you may not put files here", "a: you may not put files here"],
    ["a", 'there is no "/data"', 'a: there is no "/data"'],
  ] as const) {
    const failures = new Failures(false, { fail() {}, skip() {}, log() {} });
    await failures.attempt(name, () => Promise.reject(new LocalTrouble(reason)));
    expect(() => failures.finish()).toThrow(expect.objectContaining({ message: line }));
  }
});

test("more than five are counted", async () => {
  const names = ["a", "b", "c", "d", "e"];
  expect((await told(names, 0)).last).toBe("5 of 5 failed: a, b, c, d, e");
  expect((await told([...names, "f"], 1)).last).toBe("6 of 7 failed");
});

test("one reason for all is told once", async () => {
  const lines: string[] = [];
  const failures = new Failures(true, { fail: (line) => void lines.push(line), skip() {}, log() {} });
  for (const name of ["a", "b"]) {
    await failures.attempt(name, () => Promise.reject(new CommandError(Exit.failed, "they have kicked you")));
  }
  expect(lines).toEqual(["they have kicked you"]);
  expect(() => failures.finish()).toThrow(expect.objectContaining({ message: "2 of 2 failed: a, b" }));
});

test("what was held back for one thing is told when it turns out to be several", async () => {
  const lines: string[] = [];
  const failures = new Failures(false, { fail: (line) => void lines.push(line), skip() {}, log() {} });
  await failures.attempt("a", () => Promise.reject(new LocalTrouble("the disk is full")));
  failures.expectSeveral();
  failures.expectSeveral();
  expect(lines).toEqual(["a: the disk is full"]);
});

test("the last line is short, however long the names are", async () => {
  const { last } = await told(["x".repeat(300), `${"d/".repeat(100)}\x1b.txt`], 0);
  expect(last).toBe(`2 of 2 failed: …${"x".repeat(49)}, …${`${"d/".repeat(100)}\\x1b.txt`.slice(-49)}`);
});

test("of one thing only the reason is told", async () => {
  expect(await told(["a"], 0, false)).toEqual({ lines: [], last: "a: the disk is full" });
  expect(await told([], 3)).toEqual({ lines: [], last: null });
});

test("a usage error of one thing keeps its exit code", async () => {
  const failures = new Failures(false, { fail() {}, skip() {}, log() {} });
  await failures.attempt("a", () => Promise.reject(new CommandError(Exit.usage, "that is no host")));
  expect(() => failures.finish()).toThrow(expect.objectContaining({ code: Exit.usage, message: "that is no host" }));
});

test("what is left out is told, counted, and no failure", async () => {
  const lines: string[] = [];
  const skipped: unknown[] = [];
  const failures = new Failures(true, {
    fail: (line) => void lines.push(`failed ${line}`),
    log: (line) => void lines.push(line),
    skip: (...told) => void skipped.push(told),
  });
  failures.add("d/link", new LeftOut("d/link is a symbolic link"));
  await failures.attempt("d/.a", () => Promise.reject(new LeftOut("d/.a is left out")));
  failures.finish();
  expect(lines).toEqual(["d/link is a symbolic link", "d/.a is left out", "2 were left out"]);
  expect(skipped).toEqual([["d/link", "d/link is a symbolic link", true]]);
  failures.add("d/b", new LocalTrouble("the disk is full"));
  await failures.attempt("d/c", async () => {});
  expect(() => failures.finish()).toThrow(expect.objectContaining({ message: "1 of 2 failed: d/b" }));
});
