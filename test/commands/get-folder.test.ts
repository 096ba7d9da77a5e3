import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

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
