import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, truncateSync } from "node:fs";
import { until } from "../../support/deadline.ts";
import { FtpServer } from "../../support/ftp.ts";
import { run } from "../../support/program.ts";
import { RawPeer, testWithRawPeers } from "../../support/raw-peer.ts";
import { connect } from "../../support/tcp.ts";
import { TINCAN } from "../../support/tincan.ts";

const MIB = 1024 * 1024;

describe("a shutdown", () => {
  test("tells idle clients 421, and lets transfers end before it tells the others", async () => {
    await using server = await FtpServer.start();
    using idle = await server.guest();
    using user = await server.guest();
    using data = await user.opens();
    await user.says("STOR a", 150);
    await data.write("first,");
    const stopped = server.tincan.stop();
    await idle.reads(421);
    await idle.control.readAll();
    idle.control.halfClose();
    await data.write("second");
    data.halfClose();
    await user.reads(226);
    await user.reads(421);
    await user.control.readAll();
    user.control.halfClose();
    expect(await stopped).toBe(0);
    expect((await server.read("a")).toString()).toBe("first,second");
  });

  test("waits for no hash", async () => {
    await using server = await FtpServer.start(["--drain-grace", "1h"]);
    await server.write("a", "hello");
    await server.write("sparse", "");
    truncateSync(server.file("sparse"), 512 * 1024 * MIB);
    using user = await server.guest();
    await user.sends("HASH a\r\nHASH sparse");
    await user.reads(213);
    const stopped = server.tincan.stop();
    expect(await user.reads(426)).toContain("shutting down");
    await user.reads(421);
    await user.control.readAll();
    user.control.halfClose();
    expect(await stopped).toBe(0);
  });

  test("keeps what has come of an upload that does not end in time", async () => {
    await using server = await FtpServer.start(["--allow-write", "--drain-grace", "500ms"]);
    using user = await server.guest();
    using data = await user.opens();
    await user.says("STOR a", 150);
    await data.write("half");
    await until(async () => (await user.says("STAT", 213)).includes(" 4 "), "the bytes");
    expect(await server.tincan.stop()).toBe(0);
    expect(existsSync(server.file("a"))).toBe(false);
    await using again = await FtpServer.start(["--allow-write"], server.share);
    using other = await again.guest();
    expect(await other.says("SIZE a", 213)).toBe("213 3");
  });
});

test("the operator ends a client, and what it transfers", async () => {
  await using server = await FtpServer.start();
  using user = await server.guest();
  using data = await user.opens();
  await user.says("STOR a", 150);
  await data.write("half");
  const kick = ["kick", "127.0.0.1", "--state-dir", server.tincan.folder.file("state")];
  expect((await run([TINCAN, ...kick])).code).toBe(0);
  await data.readAll().catch(() => {});
  await user.control.readAll().catch(() => {});
  expect(existsSync(server.file("a"))).toBe(false);
});

describe("many at once", () => {
  test("200 downloads are all whole, and none is left behind", async () => {
    await using server = await FtpServer.start();
    const bytes = Buffer.alloc(MIB, "0123456789abcdef");
    await server.write("a", bytes);
    const before = server.tincan.fds();
    const one = async () => {
      using user = await server.guest();
      expect((await user.fetches("RETR a")).equals(bytes)).toBe(true);
      await user.says("QUIT", 221);
    };
    for (let i = 0; i < 2; i++) await Promise.all(Array.from({ length: 100 }, one));
    await Promise.all(Array.from({ length: 200 }, one));
    await until(
      () => server.tincan.fds() <= before,
      () => `${before} descriptors again, not ${server.tincan.fds()}`,
    );
  }, 60_000);

  testWithRawPeers("a frozen and a slow client hold up nobody", async () => {
    await using server = await FtpServer.start();
    await server.write("big", Buffer.alloc(24 * MIB));
    await server.write("small", Buffer.alloc(MIB, "x"));
    using first = await server.guest();
    using second = await server.guest();
    await using frozen = await RawPeer.connect(await first.epsv());
    await first.says("RETR big", 150);
    await using slow = await RawPeer.connect(await second.epsv());
    await second.says("RETR big", 150);
    const enough = await slow.trickle();
    const rss = server.tincan.rss();
    using user = await server.guest();
    for (let i = 0; i < 5; i++) expect((await user.fetches("RETR small")).length).toBe(MIB);
    expect(server.tincan.rss() - rss).toBeLessThan(16 * MIB);
    expect((await enough()).how).toBe("read");
    await first.says("ABOR", 426);
    expect((await frozen.drain()).how).not.toBe("read");
  });
});

describe("who may", () => {
  test("add and not look gets where it wants to add, and learns of nothing", async () => {
    await using server = await FtpServer.start(["--allow-upload", "--deny-read"]);
    mkdirSync(server.file("in"));
    await server.write("in/theirs", "x");
    using user = await server.guest();
    await user.says("CWD in", 250);
    await user.puts("STOR mine", "x");
    await user.reads(226);
    await user.epsv();
    for (const line of ["LIST", "NLST", "MLSD", "MLST", "RETR mine", "SIZE theirs", "SIZE nothing", "STOR theirs"]) {
      await user.says(line, 550);
    }
    await user.says("RNFR mine", 350);
    await user.says("RNTO renamed", 250);
    expect((await server.read("in/renamed")).toString()).toBe("x");
  });

  test("not rename is told so before it says the other name", async () => {
    await using server = await FtpServer.start(["--allow-upload"]);
    await server.write("theirs", "x");
    using user = await server.guest();
    await user.says("RNFR theirs", 550);
    await user.says("RNTO other", 503);
    await user.puts("STOR mine", "x");
    await user.reads(226);
    await user.says("RNFR mine", 350);
    await user.says("RNTO other", 250);
  });

  test("write and not upload renames and deletes, and adds nothing", async () => {
    await using server = await FtpServer.start(["--allow-write", "--deny-upload"]);
    await server.write("a.txt", "x");
    mkdirSync(server.file("empty"));
    using user = await server.guest();
    await user.epsv();
    for (const line of ["STOR new", "STOR a.txt", "APPE a.txt", "STOU", "MKD new"]) await user.says(line, 550);
    expect(await user.says("MLST a.txt", 250)).toContain(";perm=dfr;");
    await user.says("RNFR a.txt", 350);
    await user.says("RNTO z.txt", 250);
    await user.says("MFMT 20200101000000 z.txt", 213);
    await user.says("DELE z.txt", 250);
    await user.says("RMD empty", 250);
  });

  test("write moves no folder into itself", async () => {
    await using server = await FtpServer.start(["--allow-write"]);
    mkdirSync(server.file("a/b"), { recursive: true });
    using user = await server.guest();
    await user.says("RNFR a", 350);
    expect(await user.says("RNTO a/b/c", 553)).toContain('the folder "/a" cannot be moved into itself, to "/a/b/c"');
  });

  test("write renames over a file, and who may only add does not", async () => {
    for (const [flag, code] of [
      ["--allow-write", 250],
      ["--allow-upload", 550],
    ] as const) {
      await using server = await FtpServer.start([flag]);
      await server.write("old", "old");
      using user = await server.guest();
      await user.puts("STOR new", "new");
      await user.reads(226);
      await user.says("RNFR new", 350);
      await user.says("RNTO old", code);
      expect((await server.read("old")).toString()).toBe(code === 250 ? "new" : "old");
    }
  });
});

test("a Unix socket has a control connection, and says that it has no ports for data", async () => {
  const socket = `/tmp/tincan-ftp-${process.pid}.sock`;
  await using server = await FtpServer.start(["--ftp-port", `unix:${socket}`, "--allow-write"]);
  expect(server.port).toBe(0);
  using control = await connect({ unix: socket });
  await control.write("USER ftp\r\nPASS x\r\nPWD\r\nEPSV\r\nPASV\r\nPORT 127,0,0,1,200,1\r\nSTAT /\r\nQUIT\r\n");
  const codes = (await control.readAll()).toString().match(/^\d{3} /gm);
  expect(codes).toEqual(["220 ", "331 ", "230 ", "257 ", "425 ", "425 ", "500 ", "213 ", "221 "]);
});

test("an upload that meets the quota is told 552 while its data connection is still read, and none is begun after it", async () => {
  await using server = await FtpServer.start(["--allow-write", "--quota", "100KB"]);
  using user = await server.guest();
  await user.puts("STOR a", Buffer.alloc(1_000_000));
  await user.reads(552);
  const [end] = await server.tincan.waitForEvents(1, ({ event }) => event === "transfer");
  expect(end?.["detail"]).toEqual(
    expect.stringMatching(/^all files here, unfinished ones too, may have 100 kB together, and .* are left$/),
  );
  // What found no room is not kept, or it would take the room from everybody else.
  await user.says("SIZE a", 550);
  await user.puts("STOR c", Buffer.alloc(90_000));
  await user.reads(226);
  await server.write("full", Buffer.alloc(10));
  await user.says("ALLO 200000", 200);
  await user.epsv();
  await user.says("STOR b", 552);
});
