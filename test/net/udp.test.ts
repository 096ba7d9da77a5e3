import { afterEach, expect, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { Level, Log } from "../../src/log.ts";
import { ListenError } from "../../src/net/listen.ts";
import type { DatagramProtocol } from "../../src/net/protocol.ts";
import { createRuntime } from "../../src/net/runtime.ts";
import { DatagramDoor, type DatagramDoorOptions, sameAddresses } from "../../src/net/udp.ts";
import { until } from "../support/deadline.ts";
import { UdpClient } from "../support/udp.ts";

const open: { drain(): Promise<unknown> }[] = [];
const events: { level: Level; event: string; reason?: unknown; count?: unknown }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((door) => door.drain()));
  events.length = 0;
});

const tell = (level: Level) => (event: string, fields?: object) => void events.push({ level, event, ...fields });
const log: Log = { debug: tell("debug"), info: tell("info"), warn: tell("warn"), error: tell("error") };

/** Answers a datagram with itself. */
const echo: DatagramProtocol = { onDatagram: (bytes, _, reply) => reply(bytes) };

async function start(
  protocol: DatagramProtocol,
  o: Partial<DatagramDoorOptions> = {},
  clock = systemClock,
): Promise<DatagramDoor> {
  const door = new DatagramDoor(createRuntime({ log, clock }), {
    name: "test",
    protocol,
    listen: () => [{ host: "127.0.0.1", port: 0 }],
    noLargerAnswer: true,
    loopbackOnly: true,
    ...o,
  });
  await door.start();
  open.push(door);
  return door;
}

function portOf(door: DatagramDoor, at = 0): number {
  return door.listeners[at]?.port ?? 0;
}

function dropped(door: DatagramDoor, reason: string): number {
  return door.stats().datagrams?.dropped[reason] ?? 0;
}

test("answers every datagram of a burst, also the empty one and the largest", async () => {
  const door = await start(echo);
  using client = await UdpClient.open(portOf(door));
  const sent = ["", "a", "x".repeat(65_507), ...Array.from({ length: 50 }, (_, i) => `number ${i}`)];
  client.burst(sent);
  expect((await client.readMany(sent.length)).map(String)).toEqual(sent);
  expect(door.stats()).toMatchObject({ datagrams: { in: 53, out: 53 }, open: 0, accepted: 0 });
  expect(door.stats().bytesIn).toBe(door.stats().bytesOut);
});

test("opens a socket for each host, and knows who asks", async () => {
  const listen = () => [
    { host: "127.0.0.1", port: 0 },
    { host: "::1", port: 0 },
  ];
  const who: DatagramProtocol = {
    onDatagram: (_, { family, host }, reply) => reply(Buffer.from(`${family} ${host}`)),
  };
  const door = await start(who, { listen, noLargerAnswer: false });
  expect(portOf(door, 1)).toBe(portOf(door, 0));
  using v4 = await UdpClient.open(portOf(door, 0));
  using v6 = await UdpClient.open(portOf(door, 1), "::1");
  v4.send("?");
  v6.send("?");
  expect(String(await v4.read())).toBe("ipv4 127.0.0.1");
  expect(String(await v6.read())).toBe("ipv6 ::1");
});

test("cuts answers to the size of the question, all together", async () => {
  const talkative: DatagramProtocol = {
    onDatagram(_, __, reply) {
      reply(Buffer.from("abc"));
      reply(Buffer.from("defgh"));
      reply(Buffer.from("ijk"));
    },
  };
  const door = await start(talkative);
  using client = await UdpClient.open(portOf(door));
  client.burst(["12345", "1"]);
  expect((await client.readMany(3)).map(String)).toEqual(["abc", "de", "a"]);
  expect(dropped(door, "size")).toBe(3);
});

test("sends whole answers where larger ones are allowed, and does without one that is no datagram", async () => {
  const clock: DatagramProtocol = {
    onDatagram(bytes, _, reply) {
      reply(String(bytes) === "huge" ? Buffer.alloc(70_000) : Buffer.from("a long answer"));
    },
  };
  const door = await start(clock, { noLargerAnswer: false });
  using client = await UdpClient.open(portOf(door));
  client.burst(["a", "huge", "b"]);
  expect((await client.readMany(2)).map(String)).toEqual(["a long answer", "a long answer"]);
  expect(door.stats()).toMatchObject({ datagrams: { out: 2 }, bytesOut: 26 });
  expect(dropped(door, "unsendable")).toBe(1);
});

test("an answer may come later", async () => {
  const questions: (() => void)[] = [];
  const late: DatagramProtocol = { onDatagram: (bytes, _, reply) => void questions.push(() => reply(bytes)) };
  const door = await start(late);
  using client = await UdpClient.open(portOf(door));
  client.send("patience");
  await until(() => questions.length === 1, "the question");
  questions[0]?.();
  expect(String(await client.read())).toBe("patience");
  await door.drain();
  questions[0]?.();
  expect(door.stats().datagrams?.out).toBe(1);
});

test("a closed peer costs nobody else an answer, and the door lives", async () => {
  const ghosts: number[] = [];
  const door = await start(echo);
  using client = await UdpClient.open(portOf(door));
  for (let i = 0; i < 20; i++) {
    const ghost = await UdpClient.open(portOf(door));
    ghosts.push(ghost.port);
    ghost.send(`ghost ${i}`);
    ghost[Symbol.dispose]();
    client.send(`hello ${i}`);
  }
  expect((await client.readMany(20)).map(String)).toEqual(Array.from({ length: 20 }, (_, i) => `hello ${i}`));
  await until(() => events.some(({ event }) => event === "datagram-error"), "the ICMP error");
  client.send("still there?");
  expect(String(await client.read())).toBe("still there?");
  expect(ghosts).toHaveLength(20);
});

test("a protocol that throws leaves one datagram without an answer", async () => {
  const fragile: DatagramProtocol = {
    onDatagram(bytes, _, reply) {
      if (String(bytes) === "boom") throw new Error("boom");
      reply(bytes);
    },
  };
  using client = await UdpClient.open(portOf(await start(fragile)));
  client.burst(["a", "boom", "b"]);
  expect((await client.readMany(2)).map(String)).toEqual(["a", "b"]);
  expect(events).toContainEqual({
    level: "error",
    event: "datagram-failed",
    door: "test",
    error: "Error: boom",
  } as never);
});

test("two echoes do not talk to each other for ever", async () => {
  const door = await start(echo);
  let bounces = 0;
  const other = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: {
      data(socket, bytes, port, host) {
        bounces++;
        socket.send(bytes, port, host);
      },
    },
  });
  other.send("PING", portOf(door), "127.0.0.1");
  await until(() => dropped(door, "loop") === 1, "the loop to be found");
  expect(bounces).toBe(100);
  expect(events).toContainEqual(expect.objectContaining({ level: "warn", event: "datagram-dropped", reason: "loop" }));
  other.close();
});

test("fresh equal load is no loop: bursts, and many in flight", async () => {
  const door = await start(echo);
  using client = await UdpClient.open(portOf(door));
  for (let round = 0; round < 150; round++) {
    client.burst(Array.from({ length: 16 }, () => "HELLO"));
    await client.readMany(16);
  }
  expect(dropped(door, "loop")).toBe(0);
});

test("changing content one at a time is no loop", async () => {
  const door = await start(echo);
  using client = await UdpClient.open(portOf(door));
  for (let i = 0; i < 300; i++) {
    client.send(`NUMBER ${i}`);
    await client.read();
  }
  expect(dropped(door, "loop")).toBe(0);
});

test("an answer that differs from the question, made in place, is no loop", async () => {
  const shift: DatagramProtocol = {
    onDatagram(bytes, _, reply) {
      bytes[bytes.length - 1] = 0x21;
      reply(bytes);
    },
  };
  const door = await start(shift);
  using client = await UdpClient.open(portOf(door));
  const question = `${"A".repeat(40)}?`;
  for (let i = 0; i < 150; i++) {
    client.send(question);
    await client.read();
  }
  expect(dropped(door, "loop")).toBe(0);
});

test("loops through late answers are found too", async () => {
  const late: DatagramProtocol = { onDatagram: (bytes, _, reply) => void setImmediate(() => reply(bytes)) };
  const door = await start(late);
  using client = await UdpClient.open(portOf(door));
  for (let i = 0; i < 100; i++) {
    client.send("PING");
    await client.read();
  }
  client.send("PING");
  await until(() => dropped(door, "loop") === 1, "the loop to be found");
});

test("another of the door's own sockets is not answered", async () => {
  const seen: string[] = [];
  const spy: DatagramProtocol = { onDatagram: (bytes) => void seen.push(String(bytes)) };
  const door = await start(spy, {
    listen: () => [
      { host: "127.0.0.1", port: 0 },
      { host: "127.0.0.2", port: 0 },
    ],
  });
  const forger = await Bun.udpSocket({ hostname: "127.0.0.3", port: portOf(door, 1) });
  forger.send("from your own port", portOf(door, 0), "127.0.0.1");
  await until(() => dropped(door, "own-port") === 1, "the datagram to be dropped");
  expect(seen).toEqual([]);
  forger.close();
});

const outside = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ internal, family }) => !internal && family === "IPv4")?.address;

test.skipIf(outside === undefined)("off the loopback only who is allowed is answered, at 1,000 a second", async () => {
  const host = outside ?? "";
  const listen = () => [{ host, port: 0 }];
  const shut = await start(echo, { listen });
  using stranger = await UdpClient.open(portOf(shut), host);
  stranger.send("hello?");
  await until(() => dropped(shut, "not-allowed") === 1, "the datagram to be dropped");
  const oneMoment: Clock = { ...systemClock, mono: () => 0 };
  const allowed = await start(echo, { listen, loopbackOnly: false }, oneMoment);
  using guest = await UdpClient.open(portOf(allowed), host);
  for (let i = 0; i < 10; i++) {
    guest.burst(Array.from({ length: 100 }, (_, n) => `number ${i} ${n}`));
    await guest.readMany(100);
  }
  guest.burst(["one", "more"]);
  await until(() => allowed.stats().datagrams?.in === 1002, "all to come");
  expect(dropped(allowed, "rate")).toBe(2);
  expect(allowed.stats().datagrams?.out).toBe(1000);
});

test("a drain sends what is queued, then nothing more is read", async () => {
  const door = await start(echo);
  const port = portOf(door);
  using client = await UdpClient.open(port);
  client.send("first");
  await client.read();
  door.suspend();
  client.send("too late");
  await until(() => dropped(door, "draining") === 1, "the datagram to be dropped");
  expect(await door.drain()).toEqual({ killed: 0 });
  expect(door.listeners).toEqual([]);
  expect(client.received).toEqual([]);
  const again = await Bun.udpSocket({ hostname: "127.0.0.1", port });
  again.close();
});

test("a port that is taken is named, and nothing is left open", async () => {
  const taken = await start(echo);
  const port = portOf(taken);
  const free = await Bun.udpSocket({ hostname: "127.0.0.2" });
  const freePort = free.port;
  free.close();
  const listen = () => [
    { host: "127.0.0.2", port: freePort },
    { host: "127.0.0.1", port },
  ];
  const door = start(echo, { listen });
  expect(door).rejects.toBeInstanceOf(ListenError);
  expect(door).rejects.toMatchObject({
    code: "in-use",
    message: `127.0.0.1 UDP port ${port} is taken already`,
  });
  await door.catch(() => {});
  const again = await Bun.udpSocket({ hostname: "127.0.0.2", port: freePort });
  again.close();
});

test("a port that is free for TCP and taken for UDP is no obstacle where any will do", async () => {
  const taken = await Bun.udpSocket({ hostname: "127.0.0.1" });
  const tcp = [{ transport: "tcp", host: "127.0.0.1", port: taken.port }] as const;
  const door = await start(echo, { listen: () => sameAddresses([{ host: "127.0.0.1", port: 0 }], tcp) });
  expect(portOf(door)).not.toBe(taken.port);
  using client = await UdpClient.open(portOf(door));
  client.send("hello");
  expect(String(await client.read())).toBe("hello");
  taken.close();
});

test("an address of another machine is named", async () => {
  const door = start(echo, { listen: () => [{ host: "203.0.113.1", port: 0 }] });
  expect(door).rejects.toMatchObject({ code: "address" });
  await door.catch(() => {});
});
