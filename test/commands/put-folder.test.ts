import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { until } from "../support/deadline.ts";
import { partSize } from "../support/mortal.ts";
import { Program, run } from "../support/program.ts";
import { Gate, Relay } from "../support/relay.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";
import { content } from "../support/tree.ts";

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

test("a put -r to a new name that is stopped says how to go on, since the same command would begin anew", async () => {
  using here = new TempFolder();
  using share = new TempFolder();
  mkdirSync(here.file("d"));
  writeFileSync(here.file("d/big"), content(4 * 1024 * 1024, 4));
  await using tincan = await startTincan([share.path, "--doors", "framed", "--allow-upload", "--min-free", "0"]);
  await using relay = await Relay.start(tincan.port("framed"));
  relay.gate = new Gate("client", 2 * 1024 * 1024);
  const where = `127.0.0.1:${relay.port}/copy`;
  await using put = new Program([TINCAN, "put", "-r", "d", where], { cwd: here.path });
  await until(() => existsSync(share.file("copy")) && partSize(share.file("copy")) > 1_000_000, "the first bytes");
  put.kill("SIGINT");
  expect(await put.exited()).toBe(130);
  relay.gate = null;
  relay.lose("client");
  const told = put.stderr.unread.toString();
  expect(told).toMatch(/^d\/big: stopped at .* %; put what is in "d" into "127\.0\.0\.1:\d+\/copy\/" to go on\n$/);
  const again = await run([TINCAN, "put", "-r", "d/big", `${where}/`], { cwd: here.path });
  expect([again.code, again.stderr]).toEqual([0, expect.stringMatching(/^resuming big at/)]);
  expect(readdirSync(share.file("copy"))).toEqual(["big"]);
});
