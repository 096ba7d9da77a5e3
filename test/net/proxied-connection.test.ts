import { describe, expect, test } from "bun:test";
import { peerAddress } from "../../protocols/peer-address.ts";
import { floodKey, formatAddress } from "../../src/net/address.ts";
import { v2, v2From } from "../bytes/proxy-headers.ts";
import { until } from "../support/deadline.ts";
import { HandClock } from "../support/hand-clock.ts";
import { connect } from "../support/tcp.ts";
import { type Behaviour, TestDoor, type TestDoorOptions } from "./test-door.ts";

const PROXIES = ["127.0.0.0/8"];
const v1 = (host: string, port = 51_234) => `PROXY TCP4 ${host} 10.0.0.2 ${port} 80\r\n`;

const echo: Behaviour = (conn) => ({
  onData: (chunk) => void conn.send(chunk),
});
/** Says first who it sees. */
const greeter: Behaviour = (conn) => {
  conn.send(Buffer.from(`${formatAddress(conn.remote)}\n`));
  return echo(conn, null as never);
};

const open = (o: TestDoorOptions = {}, behaviour = greeter) => TestDoor.open(behaviour, { proxies: PROXIES, ...o });

describe("a header from a trusted proxy", () => {
  test("tells who the peer is, before its first bytes", async () => {
    await using door = await open();
    using client = await connect({ port: door.port });
    await client.write(`${v1("203.0.113.9")}hello`);
    expect(await client.readUntil("hello")).toBe("203.0.113.9:51234\nhello");
  });

  test("may come in pieces, and with the first bytes behind it", async () => {
    await using door = await open();
    for (const header of [Buffer.from(v1("203.0.113.9")), v2From("203.0.113.9", 51_234)]) {
      using client = await connect({ port: door.port });
      const before = door.runtime.groups.values().next().value?.bytesIn ?? 0;
      for (let at = 0; at < header.length; at++) {
        await client.write(header.subarray(at, at + 1));
        const came = () => (door.door.stats().bytesIn ?? 0) - before === at + 1;
        await until(came, `byte ${at}`);
      }
      expect(await client.readLine()).toBe("203.0.113.9:51234");
      await client.write("more");
      expect((await client.readExactly(4)).toString()).toBe("more");
    }
  });

  test("is read once: another one behind it is the peer's own", async () => {
    await using door = await open();
    using client = await connect({ port: door.port });
    const lie = v1("192.0.2.1");
    await client.write(v1("203.0.113.9") + lie);
    expect(await client.readLine()).toBe("203.0.113.9:51234");
    expect((await client.readExactly(lie.length)).toString()).toBe(lie);
    await client.write(lie);
    expect((await client.readExactly(lie.length)).toString()).toBe(lie);
  });

  test("pauses the peer while its first bytes are handled, and hands on its end behind them", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const heard: string[] = [];
    const slow: Behaviour = (conn) => ({
      onData(chunk) {
        heard.push(Buffer.from(chunk).toString());
        return promise;
      },
      onPeerEnd() {
        heard.push("end");
        conn.finish();
      },
    });
    await using door = await open({}, slow);
    using client = await connect({ port: door.port });
    await client.write(`${v1("203.0.113.9")}one`);
    client.halfClose();
    await until(() => heard.length > 0, "the first bytes");
    resolve();
    expect(await door.ending()).toEqual({ kind: "peer" });
    expect(heard).toEqual(["one", "end"]);
  });

  test("ends the connection as a violation when it is wrong, cut off or not completed in time", async () => {
    const clock = new HandClock();
    await using door = await open({ clock });
    const closed = () => door.log.filter(({ event }) => event === "closed").map(({ fields }) => fields);
    const detail = 'the PROXY header "PROXY nonsense" is wrong: TCP4, TCP6 or UNKNOWN comes behind PROXY';
    using wrong = await connect({ port: door.port });
    using cut = await connect({ port: door.port });
    using stalled = await connect({ port: door.port });
    const peers = [wrong, cut, stalled].map(({ peer }) => peer);
    await wrong.write("PROXY nonsense\r\n");
    await until(() => closed().length === 1, "the wrong one to end");
    await cut.write("PROXY TCP4 203");
    cut.halfClose();
    await until(() => closed().length === 2, "the cut one to end");
    await stalled.write(v2From("203.0.113.9", 1).subarray(0, 20));
    await until(() => door.door.stats().bytesIn >= 16 + 14 + 20, "the beginning of the header");
    clock.move(59_000);
    // Endings are told at the end of a turn.
    await new Promise(setImmediate);
    expect(closed()).toHaveLength(2);
    expect([...door.runtime.connections()].map(({ state }) => state)).toEqual(["open"]);
    clock.move(1_200);
    expect((await stalled.readAll()).length).toBe(0);
    stalled.halfClose();
    await until(() => closed().length === 3, "the stalled one to end");
    expect(closed()).toMatchObject([
      { peer: peers[0], reason: "violation", detail },
      { peer: peers[1], reason: "violation", detail: "the PROXY header was cut off after 14 bytes" },
      { peer: peers[2], reason: "stall" },
    ]);
    expect(door.connections).toHaveLength(0);
  });
});

describe("without a header", () => {
  test("other bytes are a direct client's, at once", async () => {
    await using door = await open();
    using client = await connect({ port: door.port });
    await client.write("PROXIES\n");
    expect(await client.readUntil("PROXIES\n")).toBe(`${client.peer}\nPROXIES\n`);
    const conn = await door.connection();
    expect(peerAddress(conn).loopback).toBe(true);
    expect(floodKey(conn)).toBe(conn);
  });

  test("silence for a second is a direct client's, and so is what could have become a header", async () => {
    const clock = new HandClock();
    await using door = await open({ clock });
    using silent = await connect({ port: door.port });
    using typing = await connect({ port: door.port });
    await typing.write("\r\n");
    await until(() => door.door.stats().bytesIn === 2, "the two bytes");
    await until(() => door.door.stats().open === 2, "both connections");
    clock.move(900);
    expect(door.connections).toHaveLength(0);
    clock.move(300);
    expect(await silent.readLine()).toBe(silent.peer);
    expect((await typing.readUntil("\r\n")).split("\n")[0]).toBe(typing.peer);
    await typing.write(v1("203.0.113.9"));
    expect(await typing.readUntil("80\r\n")).toBe(v1("203.0.113.9"));
  });

  test("an end is a direct client's", async () => {
    await using door = await open();
    using client = await connect({ port: door.port });
    const { peer } = client;
    client.halfClose();
    expect((await client.readAll()).toString()).toBe(`${peer}\n`);
    using short = await connect({ port: door.port });
    const shortPeer = short.peer;
    await short.write("PRO");
    short.halfClose();
    expect((await short.readAll()).toString()).toBe(`${shortPeer}\nPRO`);
  });

  test("the proxy may speak for itself, with LOCAL", async () => {
    await using door = await open();
    using client = await connect({ port: door.port });
    await client.write(v2(0x20, 0, []));
    expect(await client.readLine()).toBe(client.peer);
    expect(peerAddress(await door.connection()).loopback).toBe(true);
  });
});

test("from anybody else a header is just bytes", async () => {
  await using door = await open({ proxies: ["10.0.0.0/8"] });
  using client = await connect({ port: door.port });
  await client.write(v1("203.0.113.9"));
  expect(await client.readUntil("80\r\n")).toBe(`${client.peer}\n${v1("203.0.113.9")}`);
});

describe("limits count the real peer", () => {
  test("its address has its own places, and the proxy's own connections have theirs", async () => {
    await using door = await open({ limits: { maxPerAddress: 2 }, busy: "full\n" });
    const { admission } = door.runtime;
    const clients = [];
    for (const host of ["203.0.113.9", "203.0.113.9", "203.0.113.10", "203.0.113.10"]) {
      const client = await connect({ port: door.port });
      clients.push(client);
      await client.write(v1(host));
      expect(await client.readLine()).toBe(`${host}:51234`);
    }
    using third = await connect({ port: door.port });
    await third.write(`${v1("203.0.113.9")}hello`);
    expect((await third.readAll()).toString()).toBe("full\n");
    expect(door.log.filter(({ event }) => event === "refused")).toMatchObject([
      { fields: { peer: "203.0.113.9", reason: "busy" } },
    ]);
    expect(door.door.stats()).toMatchObject({ accepted: 4, refused: 1 });
    third.halfClose();
    await until(() => door.runtime.refusing === 0, "the refused one to go");
    expect(admission.count).toBe(4);
    clients[0]?.[Symbol.dispose]();
    await door.ending();
    using again = await connect({ port: door.port });
    await again.write(v1("203.0.113.9"));
    expect(await again.readLine()).toBe("203.0.113.9:51234");
    for (const client of clients) client[Symbol.dispose]();
  });

  test("many who wait for their header do not use up the proxy's places, but the daemon's", async () => {
    await using door = await open({ limits: { maxPerAddress: 1, maxConnections: 3 }, busy: "full\n" });
    const clients = [];
    for (let i = 0; i < 3; i++) clients.push(await connect({ port: door.port }));
    await until(() => door.runtime.admission.count === 3, "three places to be taken");
    using fourth = await connect({ port: door.port });
    expect((await fourth.readAll()).toString()).toBe("full\n");
    for (const [i, client] of clients.entries()) {
      await client.write(v1(`203.0.113.${i}`));
      expect(await client.readLine()).toBe(`203.0.113.${i}:51234`);
      client[Symbol.dispose]();
    }
  });

  test("a ban is one of the real peer, now and later", async () => {
    await using door = await open({ banned: "banned\n" });
    door.runtime.block([{ network: "203.0.113.9", until: null }]);
    using banned = await connect({ port: door.port });
    await banned.write(v1("203.0.113.9"));
    expect((await banned.readAll()).toString()).toBe("banned\n");
    using other = await connect({ port: door.port });
    await other.write(v1("203.0.113.10"));
    expect(await other.readLine()).toBe("203.0.113.10:51234");
    door.runtime.block([{ network: "203.0.113.10/31", until: null }]);
    expect(await door.ending()).toEqual({ kind: "banned" });
  });

  test("a ban of the proxy's address holds for who comes from there, and not for those it speaks for", async () => {
    await using door = await open({ banned: "banned\n" });
    door.runtime.block([{ network: "127.0.0.1", until: null }]);
    using direct = await connect({ port: door.port });
    await direct.write("hello");
    expect((await direct.readAll()).toString()).toBe("banned\n");
    using other = await connect({ port: door.port });
    await other.write(v1("203.0.113.10"));
    expect(await other.readLine()).toBe("203.0.113.10:51234");
  });

  test("what a refused peer sends goes nowhere, and without words it is closed", async () => {
    await using door = await open({ limits: { maxConnections: 1, maxPerAddress: 1 } });
    door.runtime.block([{ network: "203.0.113.9", until: null }]);
    using client = await connect({ port: door.port });
    await client.write(`${v1("203.0.113.9")}hello`);
    expect((await client.readAll().catch(() => Buffer.of())).length).toBe(0);
    expect(door.connections).toHaveLength(0);
    await until(() => door.runtime.admission.count === 0, "its place to be free");
  });
});

describe("who comes by a proxy is never this machine's own user", () => {
  const cases: [string, Uint8Array, string][] = [
    ["told to be on the loopback", Buffer.from(v1("127.0.0.5")), "127.0.0.5"],
    ["told to be on the loopback, as IPv6", Buffer.from("PROXY TCP6 ::1 ::1 1 2\r\n"), "::1"],
    ["the loopback mapped into IPv6", Buffer.from("PROXY TCP6 ::ffff:127.0.0.5 ::1 1 2\r\n"), "127.0.0.5"],
    ["not told", Buffer.from("PROXY UNKNOWN\r\n"), "127.0.0.1"],
    ["on a Unix socket", v2(0x21, 0x31, Array(216).fill(0x2f)), "127.0.0.1"],
  ];
  test.each(cases)("%s", async (_, header, host) => {
    await using door = await open({ busy: "full\n" });
    using client = await connect({ port: door.port });
    await client.write(header);
    await client.readLine();
    const conn = await door.connection();
    expect(conn.remote.host).toBe(host);
    const { loopback, key } = peerAddress(conn);
    expect(loopback).toBe(false);
    expect(key).not.toBe(host);
    expect(floodKey(conn)).toBe(key);
    const { admission } = door.runtime;
    for (let i = 1; i < 256; i++) expect(admission.admit(key)).toBe(true);
    expect(admission.admit(key)).toBe(false);
    using next = await connect({ port: door.port });
    await next.write(header);
    expect((await next.readAll()).toString()).toBe("full\n");
    for (let i = 1; i < 256; i++) admission.release(key);
  });
});

test("what a proxy says of TLS counts", async () => {
  await using door = await open();
  for (const [i, tls] of [true, false].entries()) {
    using client = await connect({ port: door.port });
    await client.write(v2From("203.0.113.9", 1, tls));
    await client.readLine();
    expect(peerAddress(await door.connection(i)).encrypted).toBe(tls);
  }
});
