import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { until } from "../support/deadline.ts";
import { Program, run } from "../support/program.ts";
import { Gate, Relay } from "../support/relay.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";
import { content } from "../support/tree.ts";

test("get -r follows links, but none that leads back to where it comes from", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  for (const folder of ["d/e", "other"]) mkdirSync(share.file(folder), { recursive: true });
  for (const file of ["d/a", "other/b"]) writeFileSync(share.file(file), "x");
  // Two of them would be followed 2 ** 40 times.
  symlinkSync(".", share.file("d/one"));
  symlinkSync("..", share.file("d/e/two"));
  symlinkSync("../other", share.file("d/there"));
  await using tincan = await startTincan([share.path, "--doors", "framed"]);
  const command = [TINCAN, "get", "-r", `127.0.0.1:${tincan.port("framed")}/d`] as const;
  const { code, stderr } = await run(command, { cwd: here.path });
  expect([code, stderr.trimEnd().split("\n").toSorted()]).toEqual([
    0,
    [
      "2 were left out",
      "d/e/two/ is a link back to a folder that it lies in; it is left out",
      "d/one/ is a link back to a folder that it lies in; it is left out",
    ],
  ]);
  const tree = readdirSync(here.path, { recursive: true }).toSorted();
  expect(tree).toEqual(["d", "d/a", "d/e", "d/there", "d/there/b"]);
});

test("get -r -o NAME, broken off and run again, goes on in NAME; when all is there it is a folder to put things into", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  mkdirSync(share.file("d/e"), { recursive: true });
  writeFileSync(share.file("d/a"), "x");
  writeFileSync(share.file("d/e/big"), content(4 * 1024 * 1024, 3));
  await using tincan = await startTincan([share.path, "--doors", "framed"]);
  await using relay = await Relay.start(tincan.port("framed"));
  relay.gate = new Gate("server", 2 * 1024 * 1024);
  const get = [TINCAN, "get", "-r", `127.0.0.1:${relay.port}/d`, "-o", "copy"] as const;
  const part = here.file("copy/e/.big.tincan-part");
  await using first = new Program(get, { cwd: here.path });
  await until(() => (statSync(part, { throwIfNoEntry: false })?.size ?? 0) > 1_000_000, "the first bytes");
  first.kill("SIGINT");
  expect(await first.exited()).toBe(130);
  relay.gate = null;
  relay.lose("client");
  const second = await run(get, { cwd: here.path });
  expect([second.code, second.stderr]).toEqual([0, expect.stringContaining("resuming d/e/big at")]);
  const whole = ["copy", "copy/a", "copy/e", "copy/e/big"];
  expect(readdirSync(here.path, { recursive: true }).toSorted()).toEqual(whole);
  expect((await run(get, { cwd: here.path })).code).toBe(0);
  expect(readdirSync(here.file("copy")).toSorted()).toEqual(["a", "d", "e"]);
});

test("get -r of something else does not go on with what is unfinished", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  for (const folder of ["d", "other"]) mkdirSync(share.file(folder));
  mkdirSync(here.file("copy"));
  await using tincan = await startTincan([share.path, "--doors", "framed"]);
  const host = `127.0.0.1:${tincan.port("framed")}`;
  writeFileSync(here.file("copy/.tincan-part"), `${host}/d\n`);
  const get = (path: string) => run([TINCAN, "get", "-r", `${host}/${path}`, "-o", "copy"], { cwd: here.path });
  expect((await get("other")).code).toBe(0);
  expect(readdirSync(here.file("copy")).toSorted()).toEqual([".tincan-part", "other"]);
  expect((await get("d")).code).toBe(0);
  expect(readdirSync(here.file("copy"))).toEqual(["other"]);
});
