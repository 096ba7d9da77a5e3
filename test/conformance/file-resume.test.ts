import { describe, expect, test } from "bun:test";
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { until } from "../support/deadline.ts";
import { FLAGS, hashOf, killOnce, Mortal, makeFile, partSize } from "../support/mortal.ts";
import { Program, run } from "../support/program.ts";
import { Random, SEED } from "../support/random.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

const SIZE = 48 * 1024 * 1024;
const KILLS = 12;

describe("killed with -9 at a random moment, a transfer goes on there and is proved", () => {
  for (let round = 0; round < KILLS; round++) {
    const random = new Random((SEED + round) >>> 0);
    const op = round % 2 === 0 ? "get" : "put";
    const victim = round % 4 < 2 ? "server" : "client";
    // One in each part of the file.
    const offset = Math.floor(((round + random.below(1000) / 1000) / KILLS) * SIZE);

    test(`${op}, the ${victim} at byte ${offset} (TINCAN_TEST_SEED=${SEED})`, async () => {
      await killOnce(op, victim, { size: SIZE, offset, random });
    }, 120_000);
  }
});

test("Ctrl-C leaves what was got, says how to go on, and the next run does", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  const hash = makeFile(share.file("big.bin"), SIZE, new Random(1));
  await using server = await Mortal.start(share.path);
  const get = [TINCAN, "get", `127.0.0.1:${server.port}/big.bin`];
  await using first = new Program(get, { cwd: here.path });
  await until(() => partSize(here) > 1_000_000, "the first bytes");
  first.kill("SIGINT");
  expect(await first.exited()).toBe(130);
  expect(first.stderr.unread.toString()).toMatch(/^big\.bin: stopped at .* %; run the same command again to go on\n$/);
  expect(readdirSync(here.path)).toEqual([".big.bin.tincan-part"]);
  const { code, stderr, stdout } = await run(get, { cwd: here.path });
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^resuming big\.bin at/)]);
  expect(stdout).toContain("verified");
  expect(hashOf(here.file("big.bin"))).toBe(hash);
});

test("Ctrl-C ends a put whose pipe is silent", async () => {
  using share = new TempFolder();
  await using server = await Mortal.start(share.path);
  await using put = new Program([TINCAN, "put", "-", `127.0.0.1:${server.port}/x`]);
  await put.write("some bytes, and then nothing");
  await until(() => partSize(share) > 0, "the first bytes");
  put.kill("SIGINT");
  expect(await put.exited()).toBe(130);
});

test("a file that has become another one on the server is begun anew, and that is told", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  await using tincan = await startTincan([share.path, ...FLAGS]);
  await Bun.write(here.file(".a.bin.tincan-part"), "the old beginning");
  await Bun.write(share.file("a.bin"), "something else altogether");
  const { code, stderr } = await run([TINCAN, "get", `127.0.0.1:${tincan.port("framed")}/a.bin`], { cwd: here.path });
  expect([code, stderr]).toEqual([0, "a.bin has changed on the server; starting over\n"]);
  expect(readFileSync(here.file("a.bin"), "utf8")).toBe("something else altogether");
});

test("a file that has grown meanwhile goes on", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  await using tincan = await startTincan([share.path, ...FLAGS]);
  await Bun.write(here.file(".log.tincan-part"), "one\n");
  await Bun.write(share.file("log"), "one\ntwo\n");
  const { code, stderr } = await run([TINCAN, "get", `127.0.0.1:${tincan.port("framed")}/log`], { cwd: here.path });
  expect([code, stderr]).toEqual([0, "resuming log at 50.0 %\n"]);
  expect(readFileSync(here.file("log"), "utf8")).toBe("one\ntwo\n");
});

test("a file that changes while it is put is not taken for the one it was", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  makeFile(here.file("big.bin"), SIZE, new Random(2));
  await using server = await Mortal.start(share.path);
  await using put = new Program([TINCAN, "put", "big.bin", `127.0.0.1:${server.port}/`], { cwd: here.path });
  await until(() => partSize(share) > 1_000_000, "the first bytes");
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
  const hash = makeFile(share.file("big.bin"), SIZE, new Random(3));
  await using server = await Mortal.start(share.path);
  const get = [TINCAN, "get", `127.0.0.1:${server.port}/big.bin`];
  const both = await Promise.all([run(get, { cwd: here.path }), run(get, { cwd: here.path })]);
  expect(both.some(({ code }) => code === 0)).toBe(true);
  for (const { code, stderr } of both) if (code !== 0) expect(stderr).toContain("it is being fetched already");
  expect(hashOf(here.file("big.bin"))).toBe(hash);
});
