import { expect, test } from "bun:test";
import type { SocketConnection } from "../../src/net/connection.ts";
import { until } from "../support/deadline.ts";
import { HandClock } from "../support/hand-clock.ts";
import { connect, type TcpClient } from "../support/tcp.ts";
import { type Behaviour, TestDoor } from "./test-door.ts";

const MIB = 1024 * 1024;

/** Goes on sending, a bit in each second of the clock. */
async function sendOn(client: TcpClient, door: TestDoor, clock: HandClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    clock.move(1_000);
    const due = door.door.stats().bytesIn + 1_000;
    await client.write(Buffer.alloc(1_000));
    await until(() => door.door.stats().bytesIn >= due, "what it hears");
  }
}

test("reads on for as long as the session hears out, and something comes", async () => {
  const clock = new HandClock();
  await using door = await TestDoor.open((conn) => ({ hearsOut: true, onData: () => conn.finish() }), {
    limits: { lingerBytes: MIB, hearsOutMs: 5_000 },
    clock,
  });
  using client = await connect({ port: door.port });
  await client.write("x");
  await client.readAll();
  await client.write(Buffer.alloc(4 * MIB));
  for (let second = 0; second < 4; second++) {
    clock.move(1_000);
    const due = door.door.stats().bytesIn + MIB;
    await client.write(Buffer.alloc(MIB));
    await until(() => door.door.stats().bytesIn >= due, "what it hears");
  }
  expect(door.endings).toEqual([]);
  clock.move(1_100);
  expect(await door.ending()).toEqual({ kind: "local" });
});

test("reads on no longer than the linger time when nothing comes", async () => {
  const clock = new HandClock();
  await using door = await TestDoor.open((conn) => ({ hearsOut: true, onData: () => conn.finish() }), { clock });
  using client = await connect({ port: door.port });
  await client.write("x");
  await client.readAll();
  clock.move(1_000);
  expect(door.endings).toEqual([]);
  clock.move(1_100);
  expect(await door.ending()).toEqual({ kind: "local" });
});

test("reads on for so many bytes at most, however fast they come", async () => {
  const clock = new HandClock();
  await using door = await TestDoor.open((conn) => ({ hearsOut: true, onData: () => conn.finish() }), {
    limits: { lingerBytes: 1, hearsOutBytes: MIB },
    clock,
  });
  using client = await connect({ port: door.port });
  await client.write("x");
  await client.readAll();
  await sendOn(client, door, clock, 1);
  expect(door.endings).toEqual([]);
  await client.write(Buffer.alloc(4 * MIB)).catch(() => {});
  expect(await door.ending()).toEqual({ kind: "local" });
});

const ENDINGS: readonly (readonly [who: string, kind: string, end: (conn: SocketConnection) => void])[] = [
  ["is banned", "banned", (conn) => conn.ban()],
  ["is kicked", "kicked", (conn) => conn.kick("")],
  ["has to log in again", "login-ended", (conn) => conn.endLogin()],
  ["was too slow", "stall", (conn) => conn.end({ kind: "stall" })],
  ["is there when the door closes", "shutdown", (conn) => conn.shutdown()],
];
test.each(ENDINGS)("who %s is told so, and not heard out", async (_, kind, end) => {
  const clock = new HandClock();
  const behaviour: Behaviour = () => ({ hearsOut: true, onData() {}, farewell: (why) => Buffer.from(why.kind) });
  await using door = await TestDoor.open(behaviour, { clock });
  using client = await connect({ port: door.port });
  end((await door.connection()) as SocketConnection);
  expect((await client.readAll()).toString()).toBe(kind);
  await sendOn(client, door, clock, 1);
  clock.move(1_100);
  expect(await door.ending()).toMatchObject({ kind });
});

test("who is refused while the door drains is heard out no longer than the linger time", async () => {
  const clock = new HandClock();
  const behaviour: Behaviour = (conn) => ({
    ...{ hearsOut: true, working: true, onShutdown() {} },
    onData: () => conn.finish(Buffer.from("no")),
  });
  await using door = await TestDoor.open(behaviour, { clock });
  using client = await connect({ port: door.port });
  await door.connection();
  const drained = door.door.drain(clock.mono() + 60_000);
  clock.move(2_100);
  await client.write("x");
  expect((await client.readAll()).toString()).toBe("no");
  await sendOn(client, door, clock, 1);
  clock.move(1_100);
  expect(await door.ending()).toEqual({ kind: "local" });
  expect(await drained).toEqual({ killed: 0 });
});
