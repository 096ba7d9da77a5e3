import { describe, expect, test } from "bun:test";
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { until } from "../../support/deadline.ts";
import { FtpServer } from "../../support/ftp.ts";
import { RawPeer, testWithRawPeers } from "../../support/raw-peer.ts";
import { connect } from "../../support/tcp.ts";

const MIB = 1024 * 1024;

function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i + 4 <= size; i += 4) bytes.writeUInt32LE((i * 2_654_435_761) >>> 0, i);
  return bytes;
}

describe("while a transfer runs", () => {
  testWithRawPeers("STAT tells how far it is, ABOR ends it, and other commands wait for its end in order", async () => {
    await using server = await FtpServer.start();
    await server.write("big", pattern(64 * MIB));
    using user = await server.guest();
    const port = await user.epsv();
    await using frozen = await RawPeer.connect(port);
    await user.says("RETR big", 150);
    await user.sends("NOOP");
    await user.sends("PWD");
    expect(await user.says("STAT", 213)).toMatch(/sending "\/big": \d+ of 67108864 bytes/);
    await user.says("ABOR", 426);
    await user.reads(226);
    await user.reads(200);
    await user.reads(257);
    expect((await frozen.drain()).how).not.toBe("read");
    expect((await user.fetches("RETR big")).length).toBe(64 * MIB);
  });

  test("QUIT is answered behind it, and the upload counts", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    using data = await user.opens();
    await user.says("STOR a", 150);
    await user.sends("QUIT");
    await data.write("late");
    data.halfClose();
    await user.reads(226);
    await user.reads(221);
    expect((await server.read("a")).toString()).toBe("late");
  });

  test("commands that were pipelined before the data connection is up wait their turn", async () => {
    await using server = await FtpServer.start();
    await server.write("a", "hello");
    using user = await server.guest();
    const port = await user.epsv();
    await user.sends("RETR a\r\nNOOP\r\nMKD b\r\nRNFR b\r\nRNTO c");
    using data = await connect({ port });
    expect((await data.readAll()).toString()).toBe("hello");
    data.halfClose();
    for (const code of [150, 226, 200, 257, 350, 250]) await user.reads(code);
  });

  test("a client that pipelines more than may wait loses nothing", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    const port = await user.epsv();
    await user.sends(`ALLO 1\r\nSTOR a\r\n${"NOOP\r\n".repeat(6000)}PWD`);
    using data = await connect({ port });
    await user.reads(200);
    await user.reads(150);
    await data.write("x");
    data.halfClose();
    await user.reads(226);
    for (let i = 0; i < 6000; i++) await user.reads(200);
    await user.reads(257);
  });

  test("ABOR ends the wait for a data connection too", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    await user.epsv();
    await user.sends("NLST");
    await user.says("ABOR", 426);
    await user.reads(226);
    await user.says("ABOR", 226);
  });
});

describe("an upload", () => {
  test("that was aborted is kept out of sight, and gone on with by REST and by APPE", async () => {
    await using server = await FtpServer.start();
    const bytes = pattern(300_000);
    for (const [name, verb] of [
      ["rest", "STOR"],
      ["appe", "APPE"],
      ["end", "APPE"],
    ] as const) {
      using user = await server.guest();
      using data = await user.opens();
      await user.says(`STOR ${name}`, 150);
      await data.write(bytes.subarray(0, 200_000));
      await until(async () => (await user.says("STAT", 213)).includes(" 200000 "), "the bytes");
      await user.says("ABOR", 426);
      await user.reads(226);
      expect(existsSync(server.file(name))).toBe(false);
      // One less than is there, so that a client that has no more sends the last byte again.
      if (name !== "end") expect(await user.says(`SIZE ${name}`, 213)).toBe("213 199999");
      expect((await user.fetches("NLST")).toString()).not.toContain(name);
      if (verb === "STOR") await user.says("REST 199999", 350);
      await user.puts(`${verb} ${name}`, bytes.subarray(name === "end" ? 200_000 : 199_999));
      await user.reads(226);
      expect((await server.read(name)).equals(bytes)).toBe(true);
      // What SIZE told before is of no account any more.
      await user.puts(`APPE ${name}`, Buffer.from("more"));
      await user.reads(226);
      expect((await server.read(name)).equals(Buffer.concat([bytes, Buffer.from("more")]))).toBe(true);
    }
  });

  test("counts only while the control connection is there: a client that is cut off leaves a part", async () => {
    await using server = await FtpServer.start();
    const user = await server.guest();
    using data = await user.opens();
    await user.says("STOR cut", 150);
    await data.write(pattern(100_000));
    data.halfClose();
    user.control[Symbol.dispose]();
    await server.tincan.waitForEvent(({ event, outcome }) => event === "transfer" && outcome === "broken");
    expect(existsSync(server.file("cut"))).toBe(false);
    using other = await server.guest();
    expect(await other.says("SIZE cut", 213)).toBe("213 99999");
  });

  test("counts no more for the NOOPs that a client has said meanwhile, to be kept alive", async () => {
    await using server = await FtpServer.start();
    const user = await server.guest();
    using data = await user.opens();
    await user.says("STOR cut", 150);
    await data.write(pattern(100_000));
    await until(async () => (await user.says("STAT", 213)).includes(" 100000 "), "the bytes");
    await user.sends("NOOP\r\n".repeat(5000));
    data.halfClose();
    user.control[Symbol.dispose]();
    const event = await server.tincan.waitForEvent(({ event }) => event === "transfer");
    expect(event).toMatchObject({ outcome: "broken" });
    expect(existsSync(server.file("cut"))).toBe(false);
  });

  test("whose data connection is reset is kept, and 426 says from where it goes on", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    using data = await user.opens();
    await user.says("STOR cut", 150);
    await data.write(pattern(100_000));
    await until(async () => (await user.says("STAT", 213)).includes(" 100000 "), "the bytes");
    data.reset();
    expect(await user.reads(426)).toContain("REST 100000");
    expect(readdirSync(server.share)).not.toContain("cut");
  });

  test("over a file leaves its permissions as they were", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    await server.write("a", "#!/bin/sh");
    await user.says("SITE CHMOD 710 a", 200);
    for (const [verb, bytes] of [
      ["STOR", "other"],
      ["APPE", " and more"],
    ]) {
      await user.puts(`${verb} a`, bytes ?? "");
      await user.reads(226);
      expect(statSync(server.file("a")).mode & 0o777).toBe(0o710);
    }
    expect((await server.read("a")).toString()).toBe("other and more");
  });

  test("that would change a file leaves nothing when it breaks off, and 426 does not say otherwise", async () => {
    await using server = await FtpServer.start();
    await server.write("a", "hello");
    using user = await server.guest();
    await user.says("ALLO 8", 200);
    await user.puts("APPE a", "more");
    const reply = await user.reads(426);
    expect(reply).toContain("nothing of it is kept");
    expect(reply).not.toContain("REST");
    expect((await server.read("a")).toString()).toBe("hello");
    expect(readdirSync(server.share)).toEqual(["a"]);
  });

  test("must have as many bytes as ALLO announced, for the whole file or for the rest", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    await user.says("ALLO 5", 200);
    await user.puts("STOR a", "hel");
    await user.reads(426);
    expect(existsSync(server.file("a"))).toBe(false);
    await user.says("ALLO 5", 200);
    await user.says("REST 3", 350);
    await user.puts("STOR a", "lo");
    await user.reads(226);
    await user.says("ALLO 5 R 10", 200);
    await user.puts("STOR b", "hello");
    await user.reads(226);
    await user.puts("STOR c", "any");
    await user.reads(226);
    expect((await server.read("a")).toString()).toBe("hello");
    for (const line of ["ALLO 0", "ALLO 0 R 80", "allo 4 r 80"]) {
      await user.says(line, 200);
      await user.puts("STOR d", "some");
      await user.reads(226);
    }
    for (const line of ["ALLO many", "ALLO 5 R", "ALLO 5 R x", "ALLO 5 5", "ALLO -1"]) await user.says(line, 501);
  });

  test("has its name when 226 comes, and no other before", async () => {
    await using server = await FtpServer.start();
    await server.write("a", "old");
    using user = await server.guest();
    using data = await user.opens();
    await user.says("STOR a", 150);
    await data.write("new");
    await until(async () => (await user.says("STAT", 213)).includes(" 3 "), "the bytes");
    expect((await server.read("a")).toString()).toBe("old");
    data.halfClose();
    await user.reads(226);
    expect((await server.read("a")).toString()).toBe("new");
  });

  test("by STOU gets a name that is free, which 150 tells", async () => {
    await using server = await FtpServer.start(["--allow-upload"]);
    await server.write("a", "old");
    using user = await server.guest();
    const names: string[] = [];
    for (const line of ["STOU", "STOU a", "STOU b"]) {
      using data = await user.opens();
      names.push(/FILE: \/(\S+)/.exec(await user.says(line, 150))?.[1] ?? "");
      await data.write("new");
      data.halfClose();
      await user.reads(226);
    }
    expect(new Set(names).size).toBe(3);
    expect(names[2]).toBe("b");
    for (const name of names) expect((await server.read(name)).toString()).toBe("new");
    expect((await server.read("a")).toString()).toBe("old");
  });

  test("is refused before a byte comes where nothing may be added, or overwritten", async () => {
    await using readOnly = await FtpServer.start([]);
    using reader = await readOnly.guest();
    await reader.epsv();
    for (const line of ["STOR x", "APPE x", "STOU", "DELE x", "MKD x", "RMD x", "RNFR x", "MFMT 20200101000000 x"]) {
      await reader.says(line, 550);
    }
    await using server = await FtpServer.start(["--allow-upload"]);
    await server.write("mine", "x");
    using user = await server.guest();
    await user.epsv();
    expect(await user.says("STOR mine", 550)).not.toBe("");
    await user.says("DELE mine", 550);
    await user.puts("STOR new", "x");
    await user.reads(226);
    await user.says("RNFR new", 350);
    await user.says("RNTO newer", 250);
    await user.says("DELE newer", 250);
  });

  test("two of one name: each has its own bytes, and the last that ends is there", async () => {
    await using server = await FtpServer.start();
    using one = await server.guest();
    using two = await server.guest();
    using first = await one.opens();
    await one.says("STOR a", 150);
    using second = await two.opens();
    await two.says("STOR a", 150);
    await first.write("first");
    await second.write("second!");
    second.halfClose();
    await two.reads(226);
    expect((await server.read("a")).toString()).toBe("second!");
    first.halfClose();
    await one.reads(226);
    expect((await server.read("a")).toString()).toBe("first");
  });
});

describe("a download", () => {
  test("of a file that is deleted meanwhile is whole", async () => {
    await using server = await FtpServer.start();
    const bytes = pattern(32 * MIB);
    await server.write("a", bytes);
    using user = await server.guest();
    using data = await user.opens();
    await user.says("RETR a", 150);
    unlinkSync(server.file("a"));
    expect((await data.readAll()).equals(bytes)).toBe(true);
    data.halfClose();
    await user.reads(226);
  });

  testWithRawPeers("of a file that grows is as it was; of one that shrinks or changes it ends in 451", async () => {
    await using server = await FtpServer.start();
    const bytes = pattern(4 * MIB);
    const changes: readonly (readonly [number, string, (path: string) => void])[] = [
      [226, "grown", (path) => appendFileSync(path, "more")],
      [451, "shorter", (path) => truncateSync(path, 3 * MIB)],
      [451, "changed", (path) => rewrite(path)],
    ];
    for (const [code, word, change] of changes) {
      await server.write("a", bytes);
      using user = await server.guest();
      await using data = await RawPeer.connect(await user.epsv());
      await user.says("RETR a", 150);
      await data.read(1000);
      change(server.file("a"));
      const { bytes: rest } = await data.drain();
      expect(await user.reads(code)).toContain(word);
      if (code === 226) expect(rest.length + 1000).toBe(4 * MIB);
    }
  });

  test("begins where REST says, once; behind the end it is refused", async () => {
    await using server = await FtpServer.start();
    await server.write("a", "0123456789");
    using user = await server.guest();
    await user.says("REST 7", 350);
    expect((await user.fetches("RETR a")).toString()).toBe("789");
    expect((await user.fetches("RETR a")).toString()).toBe("0123456789");
    await user.says("REST 10", 350);
    expect((await user.fetches("RETR a")).toString()).toBe("");
    await user.says("REST 11", 350);
    await user.epsv();
    await user.says("RETR a", 554);
    await user.says("REST 7", 350);
    await user.says("RETR \xfe", 501);
    expect((await user.fetches("RETR a")).toString()).toBe("0123456789");
    await user.says("REST 7", 350);
    await user.fetches("NLST");
    expect((await user.fetches("RETR a")).toString()).toBe("0123456789");
    await user.says("REST -1", 501);
    await user.says("REST 3", 350);
    expect(await user.says("HASH a", 213)).toBe(`213 SHA-256 3-10 ${sha256("3456789")} a`);
  });

  test("is hashed beside the commands: they wait, ABOR ends it, and so does a client that has gone", async () => {
    await using server = await FtpServer.start();
    await server.write("sparse", "");
    // Minutes of hashing.
    truncateSync(server.file("sparse"), 512 * 1024 * MIB);
    using user = await server.guest();
    await user.sends("HASH sparse");
    await user.sends("PWD");
    await user.sends("STAT");
    await user.says("ABOR", 426);
    await user.reads(226);
    await user.reads(257);
    await user.reads(211);
    await user.sends("HASH sparse");
    user.control.halfClose();
    await user.reads(426, 10_000);
    // Replies come in the order of their commands, and one that is done in time is still told to who has ended its side.
    using other = await server.guest();
    await server.write("a", "hello");
    await other.sends("HASH a\r\nSTAT");
    other.control.halfClose();
    expect(await other.reads(213)).toContain(sha256("hello"));
    await other.reads(211);
  });

  test("as text has CR LF at the end of each line, whatever the file has", async () => {
    await using server = await FtpServer.start();
    await server.write("a", "one\ntwo\r\n\nend");
    using user = await server.guest();
    await user.says("TYPE A", 200);
    expect((await user.fetches("RETR a")).toString()).toBe("one\r\ntwo\r\n\r\nend");
    await user.puts("STOR b", "one\r\ntwo\r\n\rend\r");
    await user.reads(226);
    expect((await server.read("b")).toString()).toBe("one\ntwo\n\rend\r");
    await user.says("SIZE a", 550);
    await user.says("REST 2", 350);
    await user.epsv();
    await user.says("RETR a", 504);
  });
});

function rewrite(path: string): void {
  const file = openSync(path, "r+");
  writeSync(file, "other", 3 * MIB);
  closeSync(file);
  utimesSync(path, 1_000_000_000, 1_000_000_000);
}

function sha256(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}
