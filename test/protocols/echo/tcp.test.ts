import { expect, test } from "bun:test";
import { until } from "../../support/deadline.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { RawPeer, testWithRawPeers } from "../../support/raw-peer.ts";
import { connect } from "../../support/tcp.ts";
import { TempFolder } from "../../support/temp.ts";
import { Echo } from "./echo.ts";

test("every byte comes back, a to z in upper case", async () => {
  await using echo = await Echo.open();
  using client = await echo.tcp();
  const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  await client.write(all);
  const expected = all.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 32 : byte));
  expect((await client.readExactly(256)).equals(expected)).toBe(true);
});

test("UTF-8 survives", async () => {
  await using echo = await Echo.open();
  using client = await echo.tcp();
  await client.write("grüße, 世界 🥫 ß\n");
  expect(await client.readLine()).toBe("GRüßE, 世界 🥫 ß");
});

test("what was sent before a half-close is answered, then the connection ends", async () => {
  await using echo = await Echo.open();
  using client = await echo.tcp();
  const half = 4 << 20;
  const sent = client.write(Buffer.alloc(half, "ab")).then(() => client.halfClose());
  const answer = await client.readAll();
  await sent;
  expect(answer.equals(Buffer.alloc(half, "AB"))).toBe(true);
  await client.closed;
});

test("a half-close without a word ends the connection", async () => {
  await using echo = await Echo.open();
  using client = await echo.tcp();
  client.halfClose();
  expect((await client.readAll()).length).toBe(0);
});

testWithRawPeers("a peer that sends and never reads is paused, and gets every byte when it does", async () => {
  await using echo = await Echo.open();
  await using frozen = await RawPeer.connect(echo.port, 65_536);
  const { how, bytes } = await frozen.flood(Buffer.alloc(65_536, "x"));
  expect(how).toBe("stuck");
  expect(bytes).toBeLessThan(32 << 20);
  const { limits, outboxBudget } = echo.runtime;
  expect(outboxBudget.used).toBeLessThan(limits.highWater + 512 * 1024);
  using healthy = await echo.tcp();
  await healthy.write("hello\n");
  expect(await healthy.readLine()).toBe("HELLO");
  await frozen.halfClose();
  const answer = await frozen.drain();
  expect(answer.how).toBe("ended");
  expect(answer.bytes.equals(Buffer.alloc(bytes, "X"))).toBe(true);
});

test("64 MiB go through in order, a little at a time", async () => {
  await using echo = await Echo.open();
  using client = await echo.tcp();
  const piece = Buffer.alloc(1 << 20, "0123456789abcdef");
  const expected = Buffer.from(piece.toString().toUpperCase());
  const send = async () => {
    for (let i = 0; i < 64; i++) await client.write(piece);
  };
  const sent = send();
  for (let i = 0; i < 64; i++) {
    expect((await client.readExactly(piece.length)).equals(expected)).toBe(true);
    expect(echo.runtime.outboxBudget.used).toBeLessThan(1 << 20);
  }
  await sent;
});

test("silence in both directions ends the connection after its time, and a byte begins it anew", async () => {
  const clock = new HandClock();
  await using echo = await Echo.open({ clock });
  using client = await echo.tcp();
  await client.write("a");
  await client.readExactly(1);
  clock.move(599_000);
  await client.write("b");
  await client.readExactly(1);
  clock.move(599_000);
  expect(echo.door.stats().open).toBe(1);
  clock.move(1_200);
  expect((await client.readAll()).length).toBe(0);
  client.halfClose();
  await until(() => echo.door.stats().closed["idle"] === 1, "the ending");
});

test("a greeting is sent as it is, before anything else", async () => {
  await using echo = await Echo.open({ echoGreeting: "hello !" });
  using client = await echo.tcp();
  expect(String(await client.readExactly(7))).toBe("hello !");
  await client.write("abc");
  expect(String(await client.readExactly(3))).toBe("ABC");
});

test("a fixed reply answers whatever comes, time after time", async () => {
  await using echo = await Echo.open({ echoReply: "respons" });
  using client = await echo.tcp();
  for (const question of ["x", "something longer"]) {
    await client.write(question);
    expect(String(await client.readExactly(7))).toBe("respons");
  }
});

test("whoever comes when the daemon is full is told", async () => {
  await using echo = await Echo.open({ limits: { maxConnections: 1 } });
  using first = await echo.tcp();
  await first.write("a");
  await first.readExactly(1);
  using second = await echo.tcp();
  expect(String(await second.readAll())).toBe("too many connections; try again later\r\n");
});

test("a door that may echo nobody says so, and has no UDP", async () => {
  await using echo = await Echo.open({ denied: true });
  using client = await echo.tcp();
  expect(String(await client.readAll())).toBe("nobody is echoed here\r\n");
  client.halfClose();
  expect(echo.door.listeners.map(({ transport }) => transport)).toEqual(["tcp"]);
});

test("a Unix socket echoes too, without UDP", async () => {
  using folder = new TempFolder();
  const unix = folder.file("echo.sock");
  await using echo = await Echo.open({ listen: [{ unix }] });
  using client = await connect({ unix });
  await client.write("hi\n");
  expect(await client.readLine()).toBe("HI");
  expect(echo.door.listeners).toEqual([{ transport: "unix", host: unix, port: 0 }]);
});
