import { expect, test } from "bun:test";
import {
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { PartFile, partName } from "../../../src/client/files/part.ts";
import { nextTurn } from "../../../src/next-turn.ts";
import { TempFolder } from "../../support/temp.ts";
import { sha256 } from "./scripted-files.ts";

const never = new AbortController().signal;

test("a part is hidden beside its file", () => {
  expect(partName("big.iso")).toBe(".big.iso.tincan-part");
});

test.each(["x".repeat(255), "照".repeat(85), "🎉".repeat(63)])(
  "the part of a name of 255 bytes has one as well",
  (name) => {
    const part = partName(name);
    expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255);
    expect(part).toMatch(/^\..*~[0-9a-f]{16}\.tincan-part$/);
    expect(part.isWellFormed()).toBe(true);
    expect(partName(`${name.slice(0, -1)}y`)).not.toBe(part);
  },
);

test("what was there is taken up, and has its name when it is whole", async () => {
  using folder = new TempFolder();
  writeFileSync(folder.file(".a.tincan-part"), "hello ");
  const part = await PartFile.open(folder.file("a"));
  const hash = await part.sha256(never);
  expect([part.size, hash]).toEqual([6, sha256(Buffer.from("hello "))]);
  await part.write(Buffer.from("world"), false);
  const whole = await part.sha256(never);
  await part.promote(1_700_000_000_000, false);
  await part.close();
  expect(readFileSync(folder.file("a"), "utf8")).toBe("hello world");
  expect([statSync(folder.file("a")).mtimeMs, whole]).toEqual([1_700_000_000_000, sha256(Buffer.from("hello world"))]);
});

test.skipIf(process.getuid?.() !== 0)(
  "nobody else's part is gone on with, but that of the folder's owner is",
  async () => {
    using folder = new TempFolder();
    writeFileSync(folder.file(".a.tincan-part"), "planted");
    chownSync(folder.file(".a.tincan-part"), 65534, 65534);
    await expect(PartFile.open(folder.file("a"))).rejects.toThrow("somebody else's");
    // As on a disk without owners.
    chownSync(folder.path, 65534, 65534);
    const part = await PartFile.open(folder.file("a"));
    expect(part.size).toBe(7);
    await part.close();
  },
);

test("nothing is overwritten, however late it comes, and the part stays", async () => {
  using folder = new TempFolder();
  const part = await PartFile.open(folder.file("a"));
  await part.write(Buffer.from("mine"), false);
  writeFileSync(folder.file("a"), "theirs");
  expect(await part.promote(0, false)).toBe(false);
  await part.close();
  expect(readFileSync(folder.file("a"), "utf8")).toBe("theirs");
  expect(readFileSync(folder.file(".a.tincan-part"), "utf8")).toBe("mine");
});

test("force replaces a link itself, not what it leads to", async () => {
  using folder = new TempFolder();
  writeFileSync(folder.file("secret"), "secret");
  symlinkSync("secret", folder.file("a"));
  const part = await PartFile.open(folder.file("a"));
  await part.write(Buffer.from("new"), false);
  await part.promote(0, true);
  await part.close();
  expect([readFileSync(folder.file("a"), "utf8"), readFileSync(folder.file("secret"), "utf8")]).toEqual([
    "new",
    "secret",
  ]);
});

test("4.15 nothing is written through a link that stands where the part goes", async () => {
  using folder = new TempFolder();
  writeFileSync(folder.file("secret"), "secret");
  symlinkSync("secret", folder.file(".a.tincan-part"));
  expect(await PartFile.open(folder.file("a")).catch((error: Error) => error.message)).toContain("a symbolic link");
  expect(readFileSync(folder.file("secret"), "utf8")).toBe("secret");
});

test("a part that has another name as well is not written to", async () => {
  using folder = new TempFolder();
  writeFileSync(folder.file("whole"), "whole");
  linkSync(folder.file("whole"), folder.file(".a.tincan-part"));
  const part = await PartFile.open(folder.file("a"));
  await part.write(Buffer.from("new"), false);
  await part.close();
  expect([part.size, readFileSync(folder.file("whole"), "utf8")]).toEqual([3, "whole"]);
});

test("two do not get one file at once", async () => {
  using folder = new TempFolder();
  const part = await PartFile.open(folder.file("a"));
  expect(await PartFile.open(folder.file("a")).catch((error: Error) => error.message)).toContain(
    "being fetched already",
  );
  await part.close();
});

test("a part in which nothing is leaves nothing, and a folder is none", async () => {
  using folder = new TempFolder();
  await (await PartFile.open(folder.file("a"))).close();
  expect(statSync(folder.file(".a.tincan-part"), { throwIfNoEntry: false })).toBeUndefined();
  mkdirSync(folder.file(".b.tincan-part"));
  expect(await PartFile.open(folder.file("b")).catch((error: Error) => error.message)).toContain("that is a folder");
});

test("a part whose other name somebody takes away at the very end has its name all the same", async () => {
  using folder = new TempFolder();
  // A race, which is won within a few tries.
  for (let i = 0; i < 40; i++) {
    const target = folder.file(`a${i}`);
    const part = await PartFile.open(target);
    await part.write(Buffer.from("whole"), false);
    const promoted = part.promote(0, false);
    const isNamed = () => {
      const end = performance.now() + 2;
      while (!existsSync(target)) if (performance.now() > end) return false;
      return true;
    };
    while (!isNamed()) await nextTurn();
    rmSync(folder.file(`.a${i}.tincan-part`), { force: true });
    expect(await promoted).toBe(true);
    await part.close();
    expect(readFileSync(target, "utf8")).toBe("whole");
  }
});
