import { expect, test } from "bun:test";
import { closeSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { until } from "../support/deadline.ts";
import { Mortal, partSize } from "../support/mortal.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";
import { content } from "../support/tree.ts";

const SIZE = 48 * 1024 * 1024;

test("Ctrl-C leaves what was got, says how to go on, and the next run does", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  const bytes = content(SIZE, 1);
  writeFileSync(share.file("big.bin"), bytes);
  await using server = await Mortal.start(share.path, "framed");
  const get = [TINCAN, "get", `127.0.0.1:${server.port}/big.bin`];
  await using first = new Program(get, { cwd: here.path });
  await until(() => partSize(here.path) > 1_000_000, "the first bytes");
  first.kill("SIGINT");
  expect(await first.exited()).toBe(130);
  expect(first.stderr.unread.toString()).toMatch(/^big\.bin: stopped at .* %; run the same command again to go on\n$/);
  expect(readdirSync(here.path)).toEqual([".big.bin.tincan-part"]);
  const { code, stderr, stdout } = await run(get, { cwd: here.path });
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^resuming big\.bin at/)]);
  expect(stdout).toContain("verified");
  expect(readFileSync(here.file("big.bin")).equals(bytes)).toBe(true);
});

test("Ctrl-C ends a put whose pipe is silent", async () => {
  using share = new TempFolder();
  await using server = await Mortal.start(share.path, "framed");
  await using put = new Program([TINCAN, "put", "-", `127.0.0.1:${server.port}/x`]);
  await put.write("some bytes, and then nothing");
  await until(() => partSize(share.path) > 0, "the first bytes");
  put.kill("SIGINT");
  expect(await put.exited()).toBe(130);
});

test("a file that has become another one on the server is begun anew, and that is told", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  await using tincan = await startTincan([share.path, "--doors", "framed"]);
  await Bun.write(here.file(".a.bin.tincan-part"), "the old beginning");
  await Bun.write(share.file("a.bin"), "something else altogether");
  const { code, stderr } = await run([TINCAN, "get", `127.0.0.1:${tincan.port("framed")}/a.bin`], { cwd: here.path });
  expect([code, stderr]).toEqual([0, "a.bin has changed on the server; starting over\n"]);
  expect(readFileSync(here.file("a.bin"), "utf8")).toBe("something else altogether");
});

test("a file that has grown meanwhile goes on", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  await using tincan = await startTincan([share.path, "--doors", "framed"]);
  await Bun.write(here.file(".log.tincan-part"), "one\n");
  await Bun.write(share.file("log"), "one\ntwo\n");
  const { code, stderr } = await run([TINCAN, "get", `127.0.0.1:${tincan.port("framed")}/log`], { cwd: here.path });
  expect([code, stderr]).toEqual([0, "resuming log at 50.0 %\n"]);
  expect(readFileSync(here.file("log"), "utf8")).toBe("one\ntwo\n");
});

test("a file that changes while it is put is not taken for the one it was", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  writeFileSync(here.file("big.bin"), content(SIZE, 2));
  await using server = await Mortal.start(share.path, "framed");
  await using put = new Program([TINCAN, "put", "big.bin", `127.0.0.1:${server.port}/`], { cwd: here.path });
  await until(() => partSize(share.path) > 1_000_000, "the first bytes");
  const fd = openSync(here.file("big.bin"), "r+");
  writeSync(fd, "changed", 0);
  closeSync(fd);
  expect(await put.exited()).toBe(1);
  expect(put.stderr.unread.toString()).toContain("big.bin changed while it was sent; put it again");
  expect(readdirSync(share.path)).toEqual([]);
});

test("two who get one file into one folder do not spoil it", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  const bytes = content(SIZE, 3);
  writeFileSync(share.file("big.bin"), bytes);
  await using server = await Mortal.start(share.path, "framed");
  const get = [TINCAN, "get", `127.0.0.1:${server.port}/big.bin`];
  const both = await Promise.all([run(get, { cwd: here.path }), run(get, { cwd: here.path })]);
  expect(both.some(({ code }) => code === 0)).toBe(true);
  for (const { code, stderr } of both) if (code !== 0) expect(stderr).toContain("it is being fetched already");
  expect(readFileSync(here.file("big.bin")).equals(bytes)).toBe(true);
});
