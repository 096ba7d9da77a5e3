import { expect, test } from "bun:test";
import { closeSync, ftruncateSync, openSync, statSync, writeSync } from "node:fs";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

test("the end of 5 GiB and a byte is fetched, and all of it is proved", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  const size = 5 * 1024 ** 3 + 1;
  const fd = openSync(share.file("sparse"), "w");
  ftruncateSync(fd, size);
  writeSync(fd, "x", size - 1);
  closeSync(fd);
  await using tincan = await startTincan([share.path, "--doors", "framed"]);
  const part = openSync(here.file(".sparse.tincan-part"), "w");
  ftruncateSync(part, size - 1_000_000);
  closeSync(part);
  const command = [TINCAN, "get", `127.0.0.1:${tincan.port("framed")}/sparse`];
  const { code, stderr } = await run(command, { cwd: here.path, ms: 110_000 });
  expect([code, stderr]).toEqual([
    0,
    "checking the 5.37 GB of sparse that are there already\nresuming sparse at 99.9 %\n",
  ]);
  expect(statSync(here.file("sparse")).size).toBe(size);
}, 120_000);
