import { expect, test } from "bun:test";
import { copyFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";

const ROOT = resolve(import.meta.dir, "../..");
const NAMES = ["shout.ts", "counter.ts", "clock.ts"];

/** Checks files as an editor does in a folder where nothing is installed, beside what `tincan types` prints. */
async function check(files: Readonly<Record<string, string>>): Promise<string> {
  using folder = new TempFolder();
  writeFileSync(folder.file("tincan.d.ts"), (await run([TINCAN, "types"])).stdout);
  for (const name of NAMES) copyFileSync(resolve(ROOT, "examples", name), folder.file(name));
  for (const [name, text] of Object.entries(files)) writeFileSync(folder.file(name), text);
  const flags = ["--noEmit", "--strict", "--target", "esnext", "--module", "preserve", "--types", ""];
  const { stdout } = await run([resolve(ROOT, "node_modules/.bin/tsc"), ...flags, ...NAMES, ...Object.keys(files)], {
    cwd: folder.path,
  });
  return stdout;
}

test("the examples are right by the declarations that are printed", async () => {
  expect(await check({})).toBe("");
});

test("a mistake is found", async () => {
  const wrong = 'import type { Peer } from "./tincan.d.ts";\nexport default (peer: Peer) => peer.write(42);\n';
  expect(await check({ "wrong.ts": wrong })).toContain("wrong.ts(2,43): error TS2345");
});

test("what is printed is what the code is checked against", async () => {
  expect((await run([TINCAN, "types"])).stdout).toBe(await Bun.file(resolve(ROOT, "src/net/peer.ts")).text());
});
