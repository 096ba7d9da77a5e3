import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Socket } from "bun";
import { CpuMeter } from "../../scripts/bench/cpu-meter.ts";
import { startSessions } from "../../scripts/bench/loads/ftp-sessions.ts";
import { receiveFramed, receiveRaw } from "../../scripts/bench/loads/receive.ts";
import { cpuBetween, proportionalBytes } from "../../scripts/bench/usage.ts";
import { Tally } from "../../src/client/bench/load.ts";
import { until } from "../support/deadline.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";

const BENCH = [process.execPath, join(import.meta.dir, "../../scripts/bench.ts")];

/** A server that says something to whoever comes. */
function saying(say: (socket: Socket) => void): Disposable & { readonly port: number } {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { open: say, data() {} } });
  return { port: listener.port, [Symbol.dispose]: () => listener.stop(true) };
}

function frame(body: string | Buffer): Buffer {
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(4);
  header.writeUInt32BE(bytes.length);
  return Buffer.concat([header, bytes]);
}

function chunk(offset: number, bytes: string): Buffer {
  const head = Buffer.alloc(13, 0);
  head[0] = 1;
  head.writeUInt32BE(2, 1);
  head.writeBigUInt64BE(BigInt(offset), 5);
  return frame(Buffer.concat([head, Buffer.from(bytes)]));
}

const GRANTED = frame('{"id":2,"ok":true}');
const END = frame('{"id":2,"event":"end","sha256":"ab"}');

describe("the file loads of the benchmark", () => {
  test("frames are counted wherever they are cut", async () => {
    const all = Buffer.concat([GRANTED, chunk(0, "hello"), chunk(5, " world"), END]);
    for (let cut = 1; cut < all.length; cut += 3) {
      using server = saying((socket) => {
        socket.write(all.subarray(0, cut));
        setImmediate(() => socket.end(all.subarray(cut)));
      });
      expect(await receiveFramed(server.port, "/file", true)).toMatchObject({ bytes: 11, sha256: "ab" });
    }
  });

  test("a chunk that is missing is told", async () => {
    using server = saying((socket) => void socket.end(Buffer.concat([GRANTED, chunk(5, " world"), END])));
    await expect(receiveFramed(server.port, "/file", true)).rejects.toThrow("the offset 5 instead of 0");
  });

  test("a refusal is told in the server's words", async () => {
    using server = saying((socket) => void socket.end(frame('{"id":2,"ok":false,"error":{"code":"not-found"}}')));
    await expect(receiveFramed(server.port, "/file", true)).rejects.toThrow("not-found");
  });

  test("what comes as it is ends with its hash", async () => {
    using server = saying((socket) => void socket.end(`hello world${"f".repeat(64)}`));
    expect(await receiveRaw(server.port)).toMatchObject({ bytes: 11, sha256: "f".repeat(64) });
  });

  test("a session whose server says something else is an error", async () => {
    using server = saying((socket) => void socket.write("220 hello\r\n530 no\r\n"));
    const tally = new Tally();
    const running = startSessions({ port: server.port, folder: "folder", lines: 100 }, 2, tally);
    await until(() => tally.errors >= 2, "errors");
    await running.stop();
    expect(tally.answers).toBe(0);
    expect(tally.firstError).toBe('the server said "530 no" instead of 331');
  });
});

test("the CPU time of children counts when they have ended, and their memory while they live", async () => {
  // By its own CPU time: on a busy machine it may have only a part of the time that passes.
  const busy = "while (process.cpuUsage().user < 60_000);";
  const child = `Bun.spawnSync([process.execPath, "-e", ${JSON.stringify(busy)}])`;
  const script = `process.stdin.once("data", () => ${child}); setInterval(() => {}, 1e6);`;
  await using parent = new Program([process.execPath, "-e", script]);
  const meter = CpuMeter.of(parent.pid);
  const before = meter.read();
  await parent.write("go\n");
  await until(() => cpuBetween(before, meter.read()) > 50e6, "the time of the child");
  expect(proportionalBytes(parent.pid)).toBeGreaterThan(5e6);
  parent.kill("SIGKILL");
  await parent.exited();
  meter.close();
});

const CASES = "ftp-down,ftps-down,ftp-up,get,get-hashed,ftp-sessions,idle-ftp,beside";

test("every case of files has figures of tincan, and nothing is left behind", async () => {
  using scratch = new TempFolder();
  const json = scratch.file("figures.json");
  const what = ["--only", CASES, "--peers", "tincan,hashed", "--rounds", "1", "--seconds", "1", "--mib", "4"];
  const inMemory = () => readdirSync("/dev/shm").filter((name) => name.startsWith("tincan-bench-"));
  const before = inMemory();
  using folder = new TempFolder();
  const { code, stdout } = await run([...BENCH, ...what, "--json", json], {
    env: { TMPDIR: folder.path },
    ms: 150_000,
  });
  const { cases } = JSON.parse(readFileSync(json, "utf8"));
  expect(cases.map(({ name }: { name: string }) => name)).toEqual(CASES.split(","));
  for (const { name, results } of cases) {
    expect([name, results[0]]).toMatchObject([name, { peer: "tincan", problem: null, samples: [{ wrong: 0 }] }]);
  }
  expect(stdout).toContain("goal: at most 1.70 x vsftpd; not measured");
  expect(code).toBe(0);
  expect(readdirSync(folder.path)).toEqual([]);
  expect(inMemory().filter((name) => !before.includes(name))).toEqual([]);
}, 160_000);
