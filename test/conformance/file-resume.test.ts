import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from "node:fs";
import { until } from "../support/deadline.ts";
import { Program, run } from "../support/program.ts";
import { Random, SEED } from "../support/random.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

const SIZE = 48 * 1024 * 1024;
const FLAGS = ["--doors", "framed", "--allow-upload"];

/** A file that is nowhere the same, so that bytes at a wrong place are seen. */
function makeFile(path: string, random: Random): string {
  const hash = createHash("sha256");
  const fd = openSync(path, "w");
  const piece = Buffer.alloc(1024 * 1024);
  for (let at = 0; at < SIZE; at += piece.length) {
    for (let i = 0; i < piece.length; i += 4) piece.writeUInt32LE(random.below(2 ** 32), i);
    writeSync(fd, piece);
    hash.update(piece);
  }
  closeSync(fd);
  return hash.digest("hex");
}

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** The bytes of the hidden file in a folder; 0 while there is none. */
function partSize(folder: TempFolder): number {
  const part = readdirSync(folder.path).find((name) => name.startsWith("."));
  return part === undefined ? 0 : (statSync(folder.file(part), { throwIfNoEntry: false })?.size ?? 0);
}

/** A daemon that can be killed and started anew on its port. */
class Mortal implements AsyncDisposable {
  private constructor(
    private readonly share: string,
    private program: Program,
    readonly port: number,
    private readonly state: TempFolder,
  ) {}

  static async start(share: string): Promise<Mortal> {
    const state = new TempFolder();
    const [program, port] = await serve(share, state.path, 0);
    return new Mortal(share, program, port, state);
  }

  async kill(): Promise<void> {
    this.program.kill("SIGKILL");
    await this.program.exited();
    [this.program] = await serve(this.share, this.state.path, this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    this.state[Symbol.dispose]();
  }
}

async function serve(share: string, state: string, port: number): Promise<[Program, number]> {
  const ports = ["--base-port", "0", "--framed-port", String(port)];
  const program = new Program([
    TINCAN,
    "serve",
    share,
    ...FLAGS,
    ...ports,
    "--log-format",
    "json",
    "--state-dir",
    state,
  ]);
  const ready = JSON.parse(await program.stdout.readLine());
  return [program, ready.doors.framed.port];
}

describe("killed with -9 at a random moment, a transfer goes on there and is proved", () => {
  for (let round = 0; round < 12; round++) {
    const seed = (SEED + round) >>> 0;
    const random = new Random(seed);
    const op = round % 2 === 0 ? "get" : "put";
    const victim = round % 4 < 2 ? "server" : "client";
    // One in each twelfth of the file.
    const offset = Math.floor(((round + random.below(1000) / 1000) / 12) * SIZE);

    test(`${op}, the ${victim} at byte ${offset} (TINCAN_TEST_SEED=${SEED})`, async () => {
      using share = new TempFolder();
      using here = new TempFolder();
      const [from, to] = op === "get" ? [share, here] : [here, share];
      const hash = makeFile(from.file("big.bin"), random);
      await using server = await Mortal.start(share.path);
      const remote = `127.0.0.1:${server.port}/big.bin`;
      const args = op === "get" ? ["get", remote] : ["put", "big.bin", remote];
      await using first = new Program([TINCAN, ...args], { cwd: here.path });
      await until(() => partSize(to) >= offset || !first.running, "the bytes before the kill");
      if (victim === "server") {
        await server.kill();
        expect(await first.exited(60_000)).toBe(0);
      } else {
        first.kill("SIGKILL");
        await first.exited();
        const left = partSize(to);
        const { code, stdout, stderr } = await run([TINCAN, ...args], { cwd: here.path, ms: 60_000 });
        expect([code, stdout]).toEqual([0, expect.stringContaining("verified")]);
        // All may have come before the kill, and have got its name since.
        if (left > 0 && !stdout.includes("already there")) expect(stderr).toMatch(/^resuming big\.bin at \d+\.\d %\n$/);
      }
      expect(readdirSync(to.path)).toEqual(["big.bin"]);
      expect(hashOf(to.file("big.bin"))).toBe(hash);
    }, 120_000);
  }
});

test("Ctrl-C leaves what was got, says how to go on, and the next run does", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  const hash = makeFile(share.file("big.bin"), new Random(1));
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
  makeFile(here.file("big.bin"), new Random(2));
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
  const hash = makeFile(share.file("big.bin"), new Random(3));
  await using server = await Mortal.start(share.path);
  const get = [TINCAN, "get", `127.0.0.1:${server.port}/big.bin`];
  const both = await Promise.all([run(get, { cwd: here.path }), run(get, { cwd: here.path })]);
  expect(both.some(({ code }) => code === 0)).toBe(true);
  for (const { code, stderr } of both) if (code !== 0) expect(stderr).toContain("it is being fetched already");
  expect(hashOf(here.file("big.bin"))).toBe(hash);
});
