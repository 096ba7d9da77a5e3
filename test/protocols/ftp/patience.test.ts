import { expect, test } from "bun:test";
import type { FtpHost } from "../../../protocols/ftp/host.ts";
import { FtpSession } from "../../../protocols/ftp/session.ts";
import type { Entry } from "../../../src/files/entry.ts";
import { VaultError } from "../../../src/files/error.ts";
import type { Vault } from "../../../src/files/vault.ts";
import { ByNetwork } from "../../../src/net/by-network.ts";
import { createRuntime } from "../../../src/net/runtime.ts";
import { StreamDoor } from "../../../src/net/stream-door.ts";
import { until } from "../../support/deadline.ts";
import { FtpUser } from "../../support/ftp.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { RawPeer, testWithRawPeers } from "../../support/raw-peer.ts";
import { connect } from "../../support/tcp.ts";
import { MemoryFtp, memoryHost } from "./memory.ts";

const noops = (count: number) => Array.from({ length: count }, () => "NOOP");

/** A door whose time is moved by hand. */
class SlowDoor implements AsyncDisposable {
  readonly clock = new HandClock();
  readonly told: { event: string; fields: Record<string, unknown> }[] = [];
  private readonly door: StreamDoor;

  constructor(o: Partial<FtpHost> = {}) {
    const tell = (event: string, fields = {}) => void this.told.push({ event, fields });
    const log = { debug: tell, info: tell, warn: tell, error: tell };
    const { clock } = this;
    const host = memoryHost({ clock, log, ...o });
    this.door = new StreamDoor(createRuntime({ clock, log }), {
      name: "ftp",
      listen: [{ host: "127.0.0.1", port: 0 }],
      protocol: { name: "ftp", open: (conn, net) => new FtpSession(host, conn, net) },
    });
  }

  async guest(): Promise<FtpUser> {
    if (this.door.listeners.length === 0) await this.door.start();
    const user = new FtpUser(await connect({ port: this.port }), "127.0.0.1");
    await user.reads(220);
    await user.says("USER ftp", 331);
    await user.says("PASS x", 230);
    return user;
  }

  get port(): number {
    return this.door.listeners[0]?.port ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.door.suspend();
    await this.door.drain(this.clock.mono());
  }
}

test("ABOR behind more lines than may wait is answered when the transfer has ended, behind them all", async () => {
  await using door = new SlowDoor();
  using user = await door.guest();
  await user.epsv();
  await user.sends("LIST");
  // 12 bytes each with what it costs to keep a line: 64 KiB.
  const most = Math.ceil((64 * 1024) / 12);
  await user.sends([...noops(most), "STAT", ...noops(40), "ABOR"].join("\r\n"));
  await user.reads(213);
  door.clock.move(30_001);
  await user.reads(425);
  for (const _ of noops(most + 40)) await user.reads(200);
  await user.reads(226);
  await user.says("NOOP", 200);
});

test("a passive connection that does not come: 425 and the log say where, from whom, why, and which option helps", async () => {
  await using door = new SlowDoor();
  using user = await door.guest();
  const port = await user.epsv();
  await user.sends("LIST");
  await user.says("STAT", 213);
  door.clock.move(30_001);
  const reply = await user.reads(425);
  for (const part of [`127.0.0.1 port ${port}`, "from 127.0.0.1", "within 30 s", "--passive-ports"]) {
    expect(reply).toContain(part);
  }
  const told = door.told.find(({ event }) => event === "data-unreached");
  expect(`425 ${told?.fields["detail"]}`).toBe(reply);
});

test("with --passive-address 425 names it", async () => {
  await using door = new SlowDoor({ addresses: new ByNetwork([{ network: null, value: "203.0.113.7" }]) });
  using user = await door.guest();
  await user.says("PASV", 227);
  door.clock.move(30_001);
  expect(await user.says("NLST", 425)).toMatch(/203\.0\.113\.7 port \d+ .*change --passive-address/);
});

test("a client that is silent for 5 minutes is told 421, but not while something is transferred", async () => {
  await using door = new SlowDoor();
  using user = await door.guest();
  const port = await user.epsv();
  await user.sends("LIST");
  using data = await connect({ port });
  await user.reads(150);
  await data.readAll();
  data.halfClose();
  await user.reads(226);
  door.clock.move(299_000);
  await user.says("NOOP", 200);
  door.clock.move(301_000);
  await user.reads(421);
  await user.control.readAll();
});

test("a line and a login that were begun have a minute, however slowly they go on", async () => {
  await using door = new SlowDoor();
  using user = await door.guest();
  await user.control.write("NO");
  await until(() => door.clock.waiting > 0, "the deadline");
  for (let i = 0; i < 5; i++) {
    await user.control.write("O");
    await connect({ port: door.port }).then(async (other) => {
      await other.readLine();
      other[Symbol.dispose]();
    });
    door.clock.move(11_000);
  }
  door.clock.move(11_000);
  await user.reads(421);
  using late = await door.guest();
  await late.says("USER ann", 331);
  door.clock.move(61_000);
  await late.reads(421);
});

/** A vault whose folders have what `entries` gives. */
function folderOf(entries: () => AsyncGenerator<readonly Entry[]>): Vault {
  const { vault } = memoryHost();
  return { ...vault, enter: (visitor, door) => ({ ...vault.enter(visitor, door), entries }) };
}

const ENTRY: Entry = { name: "x", type: "file", size: 0, mtime: 0, mode: 0, id: "" };

test("a folder that vanishes while it is listed: the data connection is cut, and the reply says why", async () => {
  await using door = new SlowDoor({
    vault: folderOf(async function* () {
      yield [ENTRY];
      throw new VaultError("not-found", "there is no such folder any more");
    }),
  });
  using user = await door.guest();
  using data = await connect({ port: await user.epsv() });
  await user.says("NLST", 150);
  expect(await user.reads(550)).toContain("any more");
  await data.closed;
  // What began as 213 also ends so.
  expect(await user.says("STAT /", 213)).toContain("any more");
  await user.says("NOOP", 200);
});

testWithRawPeers("a client that reads nothing of a list is given up after a minute, and 426 says so", async () => {
  const piece = Array.from({ length: 500 }, (_, i) => ({ ...ENTRY, name: `${"x".repeat(200)}${i}` }));
  await using door = new SlowDoor({
    vault: folderOf(async function* () {
      for (let i = 0; i < 100; i++) yield piece;
    }),
  });
  using user = await door.guest();
  await using frozen = await RawPeer.connect(await user.epsv());
  await user.says("LIST", 150);
  await until(() => true, "a turn");
  let reply: string | null = null;
  const waiting = user.reads(426).then((text) => (reply = text));
  await until(() => {
    door.clock.move(1000);
    return reply !== null;
  }, "426");
  expect(await waiting).toContain("60 s");
  await user.says("NOOP", 200);
  expect((await frozen.drain()).how).not.toBe("read");
});

test("lines that wait for a transfer count as held until they are obeyed", async () => {
  const { conn, session } = new MemoryFtp();
  await conn.type("USER ftp\r\nPASS x\r\nEPSV\r\nLIST\r\n");
  expect(session.buffered).toBe(0);
  await conn.type(`CWD ${"x".repeat(996)}\r\n`.repeat(3));
  await conn.type("NOOP");
  // Three lines, eight bytes for each, and what has come of a fourth.
  expect(session.buffered).toBe(3028);
  await conn.type("\r\nABOR\r\n");
  await until(() => session.buffered === 0, "the lines to be obeyed");
  conn.close();
});

test("however many lines have waited, others have a turn between them", async () => {
  const { conn, session } = new MemoryFtp();
  await conn.type("USER ftp\r\nPASS x\r\nEPSV\r\nLIST\r\n");
  await conn.type("NOOP\r\n".repeat(1000));
  conn.take();
  await conn.type("ABOR\r\n");
  let turns = 0;
  for (; session.working; turns++) await new Promise(setImmediate);
  expect(turns).toBeGreaterThan(1000 / 64 - 2);
  expect(conn.take().filter((line) => line.startsWith("200 ")).length).toBe(1000);
  conn.close();
});

test("lines that waited are obeyed one after the other, also for a client that does not read", async () => {
  const { conn, session } = new MemoryFtp();
  await conn.type("USER ftp\r\nPASS x\r\nEPSV\r\nLIST\r\n");
  await conn.type("HASH f\r\nMLST d\r\nMLST f\r\nNOOP\r\n");
  conn.take();
  conn.freeze();
  const read = conn.type("ABOR\r\n");
  // The hash has its turn, and ends, while nothing of what was said before is read.
  for (let turns = 0; turns < 4; turns++) await new Promise(setImmediate);
  conn.thaw();
  await read;
  await until(() => !session.working, "the lines to be obeyed");
  const codes = conn.take().flatMap((line) => /^\d{3}(?= )/.exec(line) ?? []);
  expect(codes).toEqual(["426", "226", "213", "250", "250", "200"]);
  conn.close();
});
