import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

function folderToPut(): TempFolder {
  const folder = new TempFolder();
  mkdirSync(folder.file("d/.git/objects"), { recursive: true });
  for (const name of ["d/a", "d/.DS_Store", "d/.git/objects/x"]) writeFileSync(folder.file(name), name);
  symlinkSync("a", folder.file("d/link"));
  symlinkSync("a", folder.file("d/.git/link"));
  return folder;
}

const NO_DOTS = "is left out: the server takes no names that begin with a dot";

test("put -r tells of links, and of names with a dot that the server does not take, and has not failed", async () => {
  using folder = folderToPut();
  using share = new TempFolder();
  await using tincan = await startTincan([share.path, "--doors", "framed", "--allow-upload"]);
  const where = `127.0.0.1:${tincan.port("framed")}`;
  const put = (...args: readonly string[]) => run([TINCAN, "put", ...args, where], { cwd: folder.path });
  const { code, stdout, stderr } = await put("-r", "d");
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^d\/a: .*hash verified\n$/)]);
  const left = [`d/.DS_Store ${NO_DOTS}`, `d/.git/ ${NO_DOTS}`, "d/link is a symbolic link; it is left out"];
  expect(stderr.trimEnd().split("\n").toSorted()).toEqual(["3 were left out", ...left].toSorted());
  expect([readdirSync(share.path), readdirSync(share.file("d"))]).toEqual([["d"], ["a"]]);
  const json = await put("-r", "--json", "d");
  const told = json.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const out = told.filter(({ leftOut }) => leftOut === true);
  expect([json.code, out.map(({ name, ok }) => [name, ok]).toSorted()]).toEqual([
    0,
    [
      ["d/.DS_Store", false],
      ["d/.git/", false],
      ["d/link", false],
    ],
  ]);
  // What somebody names is meant.
  expect(await put("d/.DS_Store")).toMatchObject({ code: 1 });
});

test("where names with a dot are taken they are put, and what fails has failed", async () => {
  using folder = folderToPut();
  using share = new TempFolder();
  await using tincan = await startTincan([share.path, "--doors", "framed", "--allow-upload", "--dotfiles"]);
  const put = () => run([TINCAN, "put", "-r", "d", `127.0.0.1:${tincan.port("framed")}`], { cwd: folder.path });
  expect(await put()).toMatchObject({ code: 0 });
  expect(readdirSync(share.file("d")).toSorted()).toEqual([".DS_Store", ".git", "a"]);
  writeFileSync(folder.file("d/a"), "another");
  expect(await put()).toMatchObject({ code: 1, stderr: expect.stringContaining("1 of 3 failed: d/a") });
});
