import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

const SECRET = "correct horse battery";

test("who has an account sees a home and may do there what others may not", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  mkdirSync(share.file("ann"));
  await Bun.write(share.file("ann/mine.txt"), "mine");
  await Bun.write(share.file("all.txt"), "for all");
  await Bun.write(here.file("up.txt"), "up");
  await using tincan = await startTincan([share.path, "--doors", "framed"]);
  const add = ["user", "add", "ann", "--allow", "upload,write", "--home", "ann"];
  expect((await run([TINCAN, ...add, "--state-dir", tincan.folder.file("state")], { input: `${SECRET}\n` })).code).toBe(
    0,
  );
  const host = `127.0.0.1:${tincan.port("framed")}`;
  const cli = (...args: readonly string[]) =>
    run([TINCAN, ...args], { cwd: here.path, env: { TINCAN_PASSWORD: SECRET } });
  expect((await cli("ls", host)).stdout).toBe("all.txt\nann\n");
  expect((await cli("put", "up.txt", `${host}/`)).code).toBe(1);
  expect((await cli("ls", `ann@${host}`)).stdout).toBe("mine.txt\n");
  expect((await cli("put", "up.txt", `ann@${host}/new/`)).code).toBe(0);
  expect(readFileSync(share.file("ann/new/up.txt"), "utf8")).toBe("up");
  expect((await cli("rm", `ann@${host}/mine.txt`)).code).toBe(0);
  expect((await cli("ls", "-R", `tincan://ann@${host}`)).stdout).toBe("new\nnew/up.txt\n");
  const wrong = await run([TINCAN, "ls", `ann@${host}`], { env: { TINCAN_PASSWORD: "wrong horse battery" } });
  expect([wrong.code, wrong.stderr.includes("horse")]).toEqual([1, false]);
});

test("who may put but not look puts files and folders all the same", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  await Bun.write(here.file("a"), "1");
  await Bun.write(here.file("d/x"), "2");
  await using tincan = await startTincan([share.path, "--doors", "framed", "--allow-upload", "--deny-read"]);
  const host = `127.0.0.1:${tincan.port("framed")}`;
  const put = (...args: readonly string[]) => run([TINCAN, "put", ...args], { cwd: here.path });
  expect((await put("a", `${host}/in/deep/`)).code).toBe(0);
  expect((await put("a", `${host}/b`)).code).toBe(0);
  expect((await put("-r", "d", host)).code).toBe(0);
  const found = readdirSync(share.path, { recursive: true }).map(String).sort();
  expect(found).toEqual(["b", "d", "d/x", "in", "in/deep", "in/deep/a"]);
  const again = await put("a", `${host}/b`);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("is there already")]);
});
