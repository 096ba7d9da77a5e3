import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { until } from "../../support/deadline.ts";
import { Program, run } from "../../support/program.ts";
import { TempFolder } from "../../support/temp.ts";
import { startTincan, TINCAN } from "../../support/tincan.ts";

test("a put of a named pipe to which nobody writes ends with the server", async () => {
  using here = new TempFolder();
  using share = new TempFolder();
  await using tincan = await startTincan([share.path, "--allow-upload", "--doors", "framed"]);
  await run(["mkfifo", here.file("a")]);
  await using put = new Program([TINCAN, "put", "a", `127.0.0.1:${tincan.port("framed")}/`], { cwd: here.path });
  await until(() => readdirSync(share.path).length > 0, "the upload");
  await tincan.stop("SIGKILL");
  const { code, stderr } = await put.outcome();
  expect([code, stderr]).toEqual([1, expect.stringContaining("what came out of a pipe cannot be sent again")]);
});
