import { describe, expect, test } from "bun:test";
import { closeSync, ftruncateSync, openSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { until } from "../support/deadline.ts";
import type { FilesClient } from "../support/files-client.ts";
import { frame } from "../support/frames.ts";
import type { FtpUser } from "../support/ftp.ts";
import { RawPeer, testWithRawPeers } from "../support/raw-peer.ts";
import { connect } from "../support/tcp.ts";
import { content } from "../support/tree.ts";
import { Doors, store } from "./doors.ts";
import { sha256 } from "./watcher.ts";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** Waits for the transfer's end; the server's hash of it. */
async function get(user: FilesClient, path: string, id = 1): Promise<string> {
  await user.send({ op: "get", id, path });
  const end = await user.until((message) => message["id"] === id && message["event"] === "end", 60_000);
  expect(user.came.get(id)).toBe(Number(end["bytes"]));
  return String(end["sha256"]);
}

async function retr(user: FtpUser, path: string): Promise<string> {
  using data = await user.opens();
  await user.says(`RETR ${path}`, 150);
  const bytes = await data.readAll(60_000);
  data.halfClose();
  await user.reads(226, 60_000);
  return sha256(bytes);
}

/** The longest that an echo took while `work` went on, milliseconds. */
async function slowestEcho(doors: Doors, work: Promise<unknown>): Promise<number> {
  using echo = await connect({ port: doors.tincan.port("echo") });
  let going = true;
  const stop = () => {
    going = false;
  };
  work.then(stop, stop);
  const times: number[] = [];
  while (going) {
    const begun = performance.now();
    await echo.write("here");
    await echo.readExactly(4);
    times.push(performance.now() - begun);
  }
  await work;
  times.sort((a, b) => a - b);
  expect(times.length).toBeGreaterThan(20);
  return times[Math.floor(times.length * 0.99)] ?? 0;
}

describe("crowds", () => {
  test("200 downloads at once, half by FTP and half by frames: every byte, and nothing is left", async () => {
    const bytes = content(MIB + 1);
    await using doors = await Doors.open(["--deny-upload"]);
    writeFileSync(doors.file("some"), bytes);
    using first = await doors.frames();
    await get(first, "/some");
    const fds = doors.tincan.fds();
    const rss = doors.tincan.rss();
    const ftp = await Promise.all(Array.from({ length: 100 }, () => doors.ftp()));
    const frames = await Promise.all(Array.from({ length: 100 }, () => doors.frames()));
    const all = [...ftp.map((user) => retr(user, "some")), ...frames.map((user) => get(user, "/some"))];
    for (const hash of await Promise.all(all)) expect(hash).toBe(sha256(bytes));
    expect(doors.tincan.rss() - rss).toBeLessThan(100 * MIB);
    for (const user of [...ftp, ...frames]) user[Symbol.dispose]();
    await until(
      () => doors.tincan.fds() <= fds,
      () => `${doors.tincan.fds()} descriptors to become ${fds}`,
    );
    expect((await doors.status()).transfers).toEqual([]);
    await doors.isIdle();
  }, 120_000);

  test("a folder of 100,000 files: LIST, MLSD, NLST and frames tell all of it in bounded memory, and others are served", async () => {
    await using doors = await Doors.open([]);
    for (let i = 0; i < 100_000; i++) closeSync(openSync(doors.file(`file-${String(i).padStart(6, "0")}`), "w"));
    using ftp = await doors.ftp();
    using frames = await doors.frames();
    const rss = doors.tincan.rss();
    const names = (list: Buffer) => new Set(list.toString().match(/file-\d{6}/g)).size;
    const all = async () => {
      for (const line of ["LIST", "MLSD", "NLST"]) expect(names(await ftp.fetches(line))).toBe(100_000);
      let count = 0;
      for (let after: unknown; after !== null; ) {
        const { entries, next } = await frames.ask({ op: "list", id: 1, path: "/", after }, 30_000);
        count += (entries as unknown[]).length;
        after = next;
      }
      expect(count).toBe(100_000);
    };
    expect(await slowestEcho(doors, all())).toBeLessThan(100);
    expect(doors.tincan.rss() - rss).toBeLessThan(80 * MIB);
  }, 120_000);

  test("5 GiB and a byte by FTP: SIZE, the end by REST, HASH and MLST beside others", async () => {
    await using doors = await Doors.open([]);
    const size = 5 * GIB + 1;
    const fd = openSync(doors.file("sparse"), "w");
    ftruncateSync(fd, size);
    writeSync(fd, "x", size - 1);
    closeSync(fd);
    using ftp = await doors.ftp();
    expect(await ftp.says("SIZE sparse", 213)).toBe(`213 ${size}`);
    expect(await ftp.says("MLST sparse", 250)).toContain(`size=${size};`);
    expect((await ftp.fetches("LIST")).toString()).toContain(` ${size} `);
    await ftp.says(`REST ${size - 3}`, 350);
    expect((await ftp.fetches("RETR sparse")).toString()).toBe("\0\0x");
    await ftp.says(`REST ${size}`, 350);
    expect((await ftp.fetches("RETR sparse")).length).toBe(0);
    await ftp.says(`REST ${size + 1}`, 350);
    await ftp.epsv();
    await ftp.says("RETR sparse", 554);
    // A fifth of it, which is long enough to be in others' way.
    writeFileSync(doors.file("hashed"), "");
    truncateSync(doors.file("hashed"), GIB);
    await ftp.sends("HASH hashed");
    expect(await slowestEcho(doors, ftp.reads(213, 60_000))).toBeLessThan(100);
  }, 90_000);

  test("beginnings and lengths that cannot be are refused, and nothing else is sent", async () => {
    await using doors = await Doors.open([]);
    writeFileSync(doors.file("x"), "0123456789");
    using ftp = await doors.ftp();
    using frames = await doors.frames();
    for (const offset of ["-1", "1.5", "1e3", "0x10", "99999999999999999999", "a", ""]) {
      await ftp.says(`REST ${offset}`.trimEnd(), 501);
    }
    expect((await ftp.fetches("RETR x")).toString()).toBe("0123456789");
    for (const span of [{ offset: -1 }, { offset: 1.5 }, { offset: 2 ** 53 }, { length: -1 }, { offset: "1" }]) {
      expect(await frames.ask({ op: "get", id: 1, path: "/x", ...span })).toMatchObject({ ok: false });
      expect(await frames.ask({ op: "hash", id: 1, path: "/x", ...span })).toMatchObject({ ok: false });
    }
    expect(await frames.ask({ op: "get", id: 1, path: "/x", offset: 11 })).toMatchObject({
      error: { code: "bad-range" },
    });
    expect(await frames.ask({ op: "hash", id: 1, path: "/x", offset: 8, length: 2 ** 52 })).toMatchObject({ bytes: 2 });
  });

  testWithRawPeers(
    "frozen and slow peers of frames beside healthy ones of both doors",
    async () => {
      const bytes = content(32 * MIB);
      await using doors = await Doors.open();
      writeFileSync(doors.file("big"), bytes);
      using healthy = await doors.frames();
      using ftp = await doors.ftp();
      const expected = sha256(bytes);
      expect(await get(healthy, "/big")).toBe(expected);
      const rss = doors.tincan.rss();
      const ask = [
        { op: "hello", v: 1, service: "files", id: 0 },
        { op: "get", id: 1, path: "/big" },
      ];
      const asked = Buffer.concat(ask.map((message) => frame(JSON.stringify(message))));
      await using frozen = await RawPeer.connect(doors.tincan.port("framed"));
      await frozen.send(asked);
      await using slow = await RawPeer.connect(doors.tincan.port("framed"));
      await slow.send(asked);
      const enough = await slow.trickle();
      for (let i = 2; i < 5; i++) expect(await get(healthy, "/big", i)).toBe(expected);
      expect(await retr(ftp, "big")).toBe(expected);
      expect(await store(ftp, "STOR more", bytes)).toStartWith("226");
      expect((await enough()).how).toBe("read");
      expect(doors.tincan.rss() - rss).toBeLessThan(48 * MIB);
      expect((await doors.status()).transfers).toHaveLength(2);
      await frozen.reset();
      await slow.reset();
      for (const user of [healthy, ftp]) user[Symbol.dispose]();
      await doors.settled();
      await doors.isIdle();
    },
    90_000,
  );
});
