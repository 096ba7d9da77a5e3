import { expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { client } from "../support/clients.ts";
import { until } from "../support/deadline.ts";
import { FtpRelay } from "../support/ftp-relay.ts";
import { Program, run } from "../support/program.ts";
import { Gate, Relay } from "../support/relay.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";
import { content } from "../support/tree.ts";
import { Doors } from "./doors.ts";
import { sha256 } from "./watcher.ts";

const MIB = 1024 * 1024;

test("SIGTERM during transfers: those that run become whole within the grace, and nobody else comes in", async () => {
  const bytes = content(32 * MIB);
  using share = new TempFolder();
  writeFileSync(share.file("big"), bytes);
  await using doors = await Doors.open(["--allow-upload", "--drain-grace", "30s"], share.path);
  const { tincan } = doors;
  using getter = await doors.ftp();
  using down = await getter.opens();
  down.socket.pause();
  await getter.says("RETR big", 150);
  using putter = await doors.ftp();
  using up = await putter.opens();
  await putter.says("STOR by-ftp", 150);
  await up.write(bytes.subarray(0, MIB));
  using framedDown = await doors.frames();
  await framedDown.send({ op: "get", id: 1, path: "/big" });
  await framedDown.next();
  framedDown.tcp.socket.pause();
  using framedUp = await doors.frames();
  await framedUp.ask({ op: "put", id: 1, path: "/by-frames", size: 2 * MIB });
  await framedUp.put(1, 0, bytes.subarray(0, 262_144));
  await until(async () => (await doors.status()).transfers.length === 4, "four transfers that run");

  tincan.signal("SIGTERM");
  await tincan.waitForEvent(({ event }) => event === "draining");
  await expect(connect({ port: tincan.port("ftp") })).rejects.toThrow();
  down.socket.resume();
  expect(sha256(await down.readAll(30_000))).toBe(sha256(bytes));
  await getter.reads(226, 30_000);
  framedDown.tcp.socket.resume();
  const end = await framedDown.until(({ id, event }) => id === 1 && event === "end", 30_000);
  expect(end["sha256"]).toBe(sha256(bytes));
  await up.write(bytes.subarray(MIB));
  up.halfClose();
  await putter.reads(226, 30_000);
  for (let at = 262_144; at < 2 * MIB; at += 262_144) await framedUp.put(1, at, bytes.subarray(at, at + 262_144));
  expect(await framedUp.ask({ op: "end", id: 2, of: 1 })).toMatchObject({ ok: true });
  for (const user of [getter, putter, framedDown, framedUp]) user[Symbol.dispose]();
  expect(await tincan.exited()).toBe(0);
  expect(await tincan.waitForEvent(({ event }) => event === "stopped")).toMatchObject({ killed: 0 });
  expect(readdirSync(share.path).sort()).toEqual(["big", "by-frames", "by-ftp"]);
  expect(sha256(readFileSync(share.file("by-ftp")))).toBe(sha256(bytes));
  expect(sha256(readFileSync(share.file("by-frames")))).toBe(sha256(bytes.subarray(0, 2 * MIB)));
}, 90_000);

const SIZE = 4 * MIB;
const curl = client("curl");

curl.test(
  "uploads that the end of the grace cuts off are kept, and go on after a restart",
  async () => {
    const bytes = content(SIZE);
    using share = new TempFolder();
    using here = new TempFolder();
    for (const name of ["a", "b"]) writeFileSync(here.file(name), bytes);
    const flags = [share.path, "--allow-upload", "--min-free", "0", "--doors", "ftp,framed"];
    await using tincan = await startTincan([...flags, "--drain-grace", "1s"]);
    await using relay = await Relay.start(tincan.port("framed"));
    await using ftpRelay = await FtpRelay.start(tincan.port("ftp"));
    const gates = [new Gate("client", SIZE / 2), new Gate("client", SIZE / 2)] as const;
    [relay.gate, ftpRelay.gate] = gates;
    const put = [TINCAN, "put", "a", `127.0.0.1:${relay.port}/`];
    const send = [curl.path, "-sS", "-C", "-", "-T", "b", `ftp://127.0.0.1:${ftpRelay.port}/`];
    await using first = new Program([...put, "--retries", "0"], { cwd: here.path });
    await using second = new Program(send, { cwd: here.path });
    for (const gate of gates) await gate.reached;
    expect(await tincan.stop()).toBe(0);
    for (const each of [relay, ftpRelay]) each.lose("server");
    expect(await first.exited()).toBe(1);
    expect(await second.exited()).not.toBe(0);
    const left = readdirSync(share.path);
    expect(left.map((name) => name.startsWith(".tincan-"))).toEqual([true, true]);

    await using again = await startTincan(flags);
    relay.to = again.port("framed");
    ftpRelay.to = again.port("ftp");
    [relay.gate, ftpRelay.gate] = [null, null];
    const { code, stderr } = await run(put, { cwd: here.path });
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^resuming a at \d+\.\d %\n$/)]);
    const rest = new Gate("client", Number.POSITIVE_INFINITY);
    ftpRelay.gate = rest;
    expect((await run(send, { cwd: here.path })).code).toBe(0);
    expect(rest.passed).toBeLessThan(SIZE);
    expect(readdirSync(share.path).sort()).toEqual(["a", "b"]);
    for (const name of ["a", "b"]) expect(sha256(readFileSync(share.file(name)))).toBe(sha256(bytes));
  },
  60_000,
);
