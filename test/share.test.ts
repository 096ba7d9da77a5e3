import { expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { CommandError } from "../src/exit.ts";
import { checkApart, checkShare } from "../src/share.ts";
import { checkStateFolder, stateFolder } from "../src/state.ts";
import { TempFolder } from "./support/temp.ts";

/** The exit code that a check refuses with, or null. */
function refusal(check: () => unknown): number | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof CommandError) return error.code;
    throw error;
  }
}

const elsewhere = { stateFolder: "/nowhere/tincan", anyway: false };

test("a folder that can be read is shared by its real path", () => {
  using folder = new TempFolder();
  mkdirSync(folder.file("real"));
  symlinkSync("real", folder.file("link"));
  expect(checkShare(folder.file("link"), elsewhere)).toBe(folder.file("real"));
});

test("what is no folder is a wrong use that names it", () => {
  using folder = new TempFolder();
  writeFileSync(folder.file("file"), "");
  expect(() => checkShare(folder.file("file"), elsewhere)).toThrow(`"${folder.file("file")}" is not a folder`);
  expect(() => checkShare(folder.file("none"), elsewhere)).toThrow(`there is no folder "${folder.file("none")}"`);
  expect(refusal(() => checkShare(folder.file("none"), elsewhere))).toBe(64);
});

test.each(["/", homedir(), join(homedir(), ".")])("%p is refused, and shared when somebody insists", (dir) => {
  expect(refusal(() => checkShare(dir, elsewhere))).toBe(77);
  expect(refusal(() => checkShare(dir, { ...elsewhere, anyway: true }))).toBeNull();
});

test("a folder that holds the state folder is refused, its neighbours are not", () => {
  using folder = new TempFolder();
  for (const name of ["a", "a/b", "ab"]) mkdirSync(folder.file(name));
  const state = { stateFolder: folder.file("a/b/tincan"), anyway: false };
  const refused = ["", "a", "a/b", "ab"].map((name) => refusal(() => checkShare(folder.file(name), state)));
  expect(refused).toEqual([77, 77, 77, null]);
});

test("a site has no files in common with a folder that everybody may add to", () => {
  const everybody = { everybodyAdds: true, anyway: false };
  for (const [site, share] of [["/a", "/a"] as const, ["/a/b", "/a"] as const, ["/a", "/a/b"] as const]) {
    expect(refusal(() => checkApart(site, share, everybody))).toBe(77);
    expect(checkApart(site, share, { ...everybody, anyway: true })).toBe(true);
    expect(checkApart(site, share, { ...everybody, everybodyAdds: false })).toBe(true);
  }
  expect(checkApart("/a/b", "/a/bc", everybody)).toBe(false);
});

test("the state folder is the one that was told, else the desktop's", () => {
  expect(stateFolder("/var/lib/tincan", {})).toBe("/var/lib/tincan");
  expect(stateFolder(null, { XDG_STATE_HOME: "/state" })).toBe("/state/tincan");
  expect(stateFolder(null, { XDG_STATE_HOME: "state" })).toBe(join(homedir(), ".local/state/tincan"));
  expect(stateFolder(null, {})).toBe(join(homedir(), ".local/state/tincan"));
});

test("a state folder that could not be made is refused, and none is made", async () => {
  using folder = new TempFolder();
  writeFileSync(folder.file("file"), "");
  expect(refusal(() => checkStateFolder(folder.file("file")))).toBe(73);
  expect(refusal(() => checkStateFolder(folder.file("file/below")))).toBe(73);
  expect(refusal(() => checkStateFolder(folder.file("new/deeper")))).toBeNull();
  expect(await Bun.file(folder.file("new")).exists()).toBe(false);
});
