import { expect, test } from "bun:test";
import { closeSync, constants, mkdirSync, openSync, rmdirSync, writeFileSync } from "node:fs";
import { dirents } from "../../src/files/dirents.ts";
import { TempFolder } from "../support/temp.ts";

const O_PATH = 0o10000000;

test("a folder's names come with their kinds, in pieces", () => {
  using folder = new TempFolder();
  for (let i = 0; i < 2_000; i++) writeFileSync(folder.file(`file-${i}`), "");
  mkdirSync(folder.file("below"));
  const fd = openSync(folder.path, O_PATH | constants.O_DIRECTORY);
  try {
    const pieces = [...dirents(fd)];
    expect(pieces.length).toBeGreaterThan(1);
    const kinds = pieces.flat().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "file").length).toBe(2_000);
    expect(kinds.filter((kind) => kind === "dir").length).toBe(1);
  } finally {
    closeSync(fd);
  }
});

test("a folder that cannot be read is no empty one", () => {
  using folder = new TempFolder();
  mkdirSync(folder.file("gone"));
  const fd = openSync(folder.file("gone"), O_PATH | constants.O_DIRECTORY);
  try {
    expect([...dirents(fd)]).toEqual([[]]);
    rmdirSync(folder.file("gone"));
    expect(() => [...dirents(fd)]).toThrow(expect.objectContaining({ code: "ENOENT" }));
  } finally {
    closeSync(fd);
  }
});
