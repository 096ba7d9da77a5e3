import { describe, expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { type AddressInfo, connect as connectPlain, createServer as listenPlain } from "node:net";
import { connect as connectTls } from "node:tls";
import { ListenError } from "../../src/net/listen.ts";
import type { Arrival } from "../../src/net/protocol.ts";
import { client } from "../support/clients.ts";
import { until, within } from "../support/deadline.ts";
import { HandClock } from "../support/hand-clock.ts";
import { RawPeer, testWithRawPeers } from "../support/raw-peer.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { testCertificate } from "../support/tls.ts";
import { type Behaviour, TestDoor } from "./test-door.ts";

const python = client("python3");
const echo: Behaviour = (conn) => ({ onData: (chunk) => void conn.send(chunk) });

/** How a test's client trusts the test's certificate. */
const tls = { host: "127.0.0.1", ca: testCertificate.cert, servername: "localhost" };

describe("admission", () => {
  test("takes the limit's number of connections, tells the next why, and takes more when one has left", async () => {
    await using door = await TestDoor.open(echo, { limits: { maxConnections: 2 }, busy: "full\n" });
    const first = await connect({ port: door.port });
    using second = await connect({ port: door.port });
    await door.connection(1);
    using refused = await connect({ port: door.port });
    await refused.write("let me in");
    expect((await refused.readAll()).toString()).toBe("full\n");
    expect(door.door.stats()).toMatchObject({ accepted: 2, refused: 1 });
    first[Symbol.dispose]();
    await door.ending();
    using fourth = await connect({ port: door.port });
    await fourth.write("hello");
    expect((await fourth.readExactly(5)).toString()).toBe("hello");
    await second.write("hello");
    expect((await second.readExactly(5)).toString()).toBe("hello");
    refused.halfClose();
  });

  python.test("who has reset before it is accepted has no address, and gets no session", async () => {
    await using door = await TestDoor.open(echo);
    const script = `
import socket, struct, sys
sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
sock.sendall(b"hello")
sock.close()`;
    // The loop does not turn meanwhile, so it accepts what is broken already.
    expect(Bun.spawnSync([python.path, "-c", script, String(door.port)]).exitCode).toBe(0);
    using next = await connect({ port: door.port });
    await next.write("hello");
    expect((await next.readExactly(5)).toString()).toBe("hello");
    expect(door.connections.map(({ remote }) => remote.host)).toEqual(["127.0.0.1"]);
    expect(door.runtime.admission.count).toBe(1);
  });

  test("logs refusals as a warning, once a second at most", async () => {
    const clock = new HandClock();
    const levels: string[] = [];
    await using door = await TestDoor.open(echo, { limits: { maxConnections: 0, lingerMs: 0 }, clock, levels });
    for (const ms of [0, 10, 1_000]) {
      clock.move(ms);
      using refused = await connect({ port: door.port });
      await refused.readAll();
    }
    expect(levels).toEqual(["warn", "debug", "warn"]);
    expect(door.log.at(-1)?.fields).toMatchObject({ refused: 3 });
  });

  test("counts an address only where a limit for addresses was set, on the loopback", async () => {
    await using door = await TestDoor.open(echo, { limits: { maxPerAddress: 1 }, busy: "full\n" });
    using _first = await connect({ port: door.port });
    await door.connection(0);
    using refused = await connect({ port: door.port });
    expect((await refused.readAll()).toString()).toBe("full\n");
    refused.halfClose();
  });

  test("tells a bounded number of refused peers at a time; the others are closed without a word", async () => {
    await using door = await TestDoor.open(echo, { limits: { maxConnections: 0, maxRefused: 1 }, busy: "full\n" });
    using told = await connect({ port: door.port });
    expect((await told.readAll()).toString()).toBe("full\n");
    using untold = await connect({ port: door.port });
    expect((await untold.readAll()).toString()).toBe("");
    told.halfClose();
    await until(() => door.runtime.refusing === 0, "the told one to be forgotten");
  });
});

describe("listening", () => {
  test("gives all addresses the same free port", async () => {
    const listen = [
      { host: "127.0.0.1", port: 0 },
      { host: "127.0.0.2", port: 0 },
    ];
    await using door = await TestDoor.open(echo, { listen });
    const [one, two] = door.door.listeners;
    expect(one?.port).toBeGreaterThan(0);
    expect(two).toEqual({ transport: "tcp", host: "127.0.0.2", port: one?.port as number });
    using client = await connect({ port: door.port, host: "127.0.0.2" });
    await client.write("hi");
    expect((await client.readExactly(2)).toString()).toBe("hi");
  });

  test("opens all listeners or none, and names the one that is taken", async () => {
    await using taken = await TestDoor.open(echo);
    const listen = [
      { host: "127.0.0.2", port: taken.port },
      { host: "127.0.0.1", port: taken.port },
    ];
    const opening = TestDoor.open(echo, { listen });
    expect(opening).rejects.toThrow(new ListenError(`127.0.0.1 port ${taken.port} is taken already`, "in-use"));
    await opening.catch(() => {});
    expect(connect({ port: taken.port, host: "127.0.0.2" })).rejects.toThrow("ECONNREFUSED");
  });

  test("tells a port that somebody listens on from one that a connection has for a while", async () => {
    await using taken = await TestDoor.open(echo);
    using client = await connect({ port: taken.port, host: "127.0.0.1" });
    const port = Number(client.peer.split(":").at(-1));
    const opening = TestDoor.open(echo, { listen: [{ host: "127.0.0.1", port }] });
    await expect(opening).rejects.toThrow(
      new ListenError(
        `127.0.0.1 port ${port} is that of a connection, though nobody listens there, and is free within a minute of its end`,
        "in-use",
      ),
    );
  });

  test("serves a Unix socket for this user only, takes over a dead one's file, and removes it", async () => {
    using folder = new TempFolder();
    const path = folder.file("door.sock");
    const script = `Bun.listen({ unix: ${JSON.stringify(path)}, socket: { data() {} } }); process.kill(process.pid, "SIGKILL");`;
    Bun.spawnSync([process.execPath, "-e", script]);
    expect(existsSync(path)).toBe(true);
    {
      await using door = await TestDoor.open(echo, { listen: [{ unix: path }] });
      expect(door.door.listeners).toEqual([{ transport: "unix", host: path, port: 0 }]);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      using client = await connect({ unix: path });
      await client.write("hi");
      expect((await client.readExactly(2)).toString()).toBe("hi");
      expect((await door.connection()).remote.family).toBe("unix");
      expect(TestDoor.open(echo, { listen: [{ unix: path }] })).rejects.toThrow("is taken already");
      client.halfClose();
    }
    expect(existsSync(path)).toBe(false);
  });
});

describe("draining", () => {
  test("gives sessions their last words and ends them", async () => {
    const door = await TestDoor.open((conn) => ({ onData() {}, onShutdown: () => conn.finish(Buffer.from("bye")) }));
    using client = await connect({ port: door.port });
    await door.connection();
    door.door.suspend();
    const drained = door.door.drain(door.runtime.clock.mono() + 10_000);
    expect((await client.readAll()).toString()).toBe("bye");
    client.halfClose();
    expect(await within(drained, "the drain")).toEqual({ killed: 0 });
  });

  testWithRawPeers("kills who does not leave after two seconds, but lets a transfer use the grace", async () => {
    const clock = new HandClock();
    const working = new Set<number>();
    const door = await TestDoor.open(
      (conn) => ({
        onData() {
          working.add(conn.id);
        },
        onShutdown() {},
        get working() {
          return working.has(conn.id);
        },
      }),
      { clock },
    );
    await using lazy = await RawPeer.connect(door.port);
    await using busy = await RawPeer.connect(door.port);
    const [idle, transfer] = [await door.connection(0), await door.connection(1)];
    await busy.send("work");
    await until(() => working.size === 1, "the transfer");
    door.door.suspend();
    const drained = door.door.drain(clock.mono() + 10_000);
    clock.move(1_900);
    expect(idle.state).toBe("open");
    clock.move(200);
    await until(() => door.endings.length === 1, "the first ending");
    expect([idle.state, transfer.state]).toEqual(["closed", "open"]);
    clock.move(8_000);
    expect(await within(drained, "the drain")).toEqual({ killed: 2 });
    expect(door.endings).toEqual([{ kind: "shutdown" }, { kind: "shutdown" }]);
    expect((await lazy.drain()).how).not.toBe("read");
  });
});

describe("TLS", () => {
  test("from the first byte: the session begins after the handshake", async () => {
    await using door = await TestDoor.open(echo, { tls: testCertificate });
    expect(door.door.listeners[0]?.transport).toBe("tls");
    const socket = connectTls({ ...tls, port: door.port });
    const answer = new Promise<Buffer>((resolve, reject) => socket.once("data", resolve).once("error", reject));
    socket.write("secret");
    expect((await within(answer, "the echo")).toString()).toBe("secret");
    const conn = await door.connection();
    expect(conn.tls?.version).toBe("TLSv1.3");
    socket.end();
    expect(await door.ending()).toEqual({ kind: "peer" });
  });

  test("by upgrade: plain text leaves first, then everything is encrypted", async () => {
    await using door = await TestDoor.open((conn) => ({
      async onData(chunk) {
        if (chunk.toString() !== "START\n") return void conn.send(chunk);
        conn.send(Buffer.from("GO\n"));
        const info = await conn.startTls(testCertificate);
        conn.send(Buffer.from(`now ${info.version}\n`));
      },
    }));
    const plain = connectPlain({ port: door.port, host: "127.0.0.1" });
    const answer = new Promise<Buffer>((resolve, reject) => plain.once("data", resolve).once("error", reject));
    plain.write("START\n");
    expect((await within(answer, "the answer")).toString()).toBe("GO\n");
    const socket = connectTls({ ...tls, socket: plain });
    const lines: string[] = [];
    socket.on("data", (chunk: Buffer) => void lines.push(chunk.toString()));
    socket.write("hello");
    await until(
      () => lines.join("").includes("hello"),
      () => `the echo, but got ${JSON.stringify(lines)}`,
    );
    expect(lines.join("")).toBe("now TLSv1.3\nhello");
    socket.end();
    await door.ending();
  });

  test("ends a peer that does not speak TLS as a violation, and one that says nothing as stalled", async () => {
    const clock = new HandClock();
    await using door = await TestDoor.open(echo, { tls: testCertificate, clock });
    using client = await connect({ port: door.port });
    await client.write("GET / HTTP/1.0\r\n\r\n");
    await client.readAll().catch(() => {});
    await until(() => door.log.length === 1, "the log");
    expect(door.log[0]?.fields).toMatchObject({ reason: "violation" });
    using mute = await connect({ port: door.port });
    await until(() => door.door.stats().open === 1, "the mute peer");
    clock.move(60_200);
    await mute.readAll();
    await until(() => door.log.length === 2, "the log");
    expect(door.log[1]?.fields).toMatchObject({ reason: "stall" });
  });
});

describe("connections beside", () => {
  test("listenOnce takes the one peer that is meant, reads nothing before a session is attached, and closes", async () => {
    const strangers: string[] = [];
    const got: string[] = [];
    await using door = await TestDoor.open((conn, net) => ({
      async onData() {
        const once = net.listenOnce({
          host: "0.0.0.0",
          port: 0,
          from: "127.0.0.1",
          timeoutMs: 5_000,
          onStranger: (address) => void strangers.push(address.host),
        });
        conn.send(Buffer.from(`${once.port}\n`));
        const arrival = await once.arrived;
        conn.send(Buffer.from("arrived\n"));
        arrival.attach({ onData: (chunk) => void got.push(chunk.toString()), onClose: () => void got.push("closed") });
      },
    }));
    using control = await connect({ port: door.port });
    await control.write("PASV");
    const port = Number(await control.readLine());
    const stranger = connectPlain({ port, host: "127.0.0.1", localAddress: "127.0.0.9" });
    await within(new Promise((resolve) => stranger.once("error", () => {}).once("close", resolve)), "the refusal");
    expect(strangers).toEqual(["127.0.0.9"]);
    using data = await connect({ port });
    await data.write("upload");
    data.halfClose();
    expect(await control.readLine()).toBe("arrived");
    await until(
      () => got.includes("closed"),
      () => `the end of the upload, but got ${got}`,
    );
    expect(got).toEqual(["upload", "closed"]);
    expect(connect({ port })).rejects.toThrow("ECONNREFUSED");
  });

  test("a session that is attached to a peer who has gone meanwhile is told so", async () => {
    const endings: string[] = [];
    const arrived = Promise.withResolvers<Arrival>();
    await using door = await TestDoor.open((conn, net) => ({
      async onData() {
        const once = net.listenOnce({ host: "127.0.0.1", port: 0, timeoutMs: 5_000 });
        conn.send(Buffer.from(`${once.port}\n`));
        arrived.resolve(await once.arrived);
      },
    }));
    using control = await connect({ port: door.port });
    await control.write("PASV");
    using data = await connect({ port: Number(await control.readLine()) });
    const { conn, attach } = await within(arrived.promise, "the arrival");
    data.reset();
    await until(() => conn.state === "closed", "the reset");
    for (let turns = 0; turns < 2; turns++) await new Promise(setImmediate);
    attach({ onData() {}, onClose: ({ kind }) => void endings.push(kind) });
    await until(() => endings.length > 0, "the end of it");
    expect(endings).toEqual(["peer"]);
  });

  test("listenOnce gives up in time or when cancelled", async () => {
    const clock = new HandClock();
    const endings: string[] = [];
    await using door = await TestDoor.open(
      (_, net) => ({
        onData() {
          const note = (error: Error) => void endings.push(error.message);
          const o = { host: "127.0.0.1", port: 0, timeoutMs: 30_000 };
          net.listenOnce(o).arrived.catch(note);
          const second = net.listenOnce(o);
          second.arrived.catch(note);
          second.cancel();
        },
      }),
      { clock },
    );
    using client = await connect({ port: door.port });
    await client.write("x");
    await until(() => endings.length === 1, "the cancelled one");
    clock.move(30_000);
    await until(() => endings.length === 2, "the late one");
    expect(endings).toEqual(["no longer waited for", "no connection arrived within 30 s"]);
  });

  test("dial reaches a peer", async () => {
    await using target = await TestDoor.open(echo);
    const got: string[] = [];
    await using door = await TestDoor.open((_, net) => ({
      async onData() {
        const { conn, attach } = await net.dial({ host: "127.0.0.1", port: target.port, timeoutMs: 5_000 });
        attach({ onData: (chunk) => void got.push(chunk.toString()) });
        conn.send(Buffer.from("dialled"));
      },
    }));
    using client = await connect({ port: door.port });
    await client.write("x");
    await until(
      () => got.join("") === "dialled",
      () => `the echo of what was dialled, but got ${got}`,
    );
  });

  test("a dialled connection can be the TLS server of the peer that it reached", async () => {
    // FTPS active mode: the client listens, the server dials, and yet the client starts the handshake.
    const secured = Promise.withResolvers<string>();
    const client = listenPlain((socket) => {
      const secure = connectTls({ ...tls, socket });
      secure.on("data", (chunk: Buffer) => secured.resolve(chunk.toString())).on("error", secured.reject);
    });
    await new Promise<void>((resolve) => client.listen(0, "127.0.0.1", resolve));
    const { port } = client.address() as AddressInfo;
    await using door = await TestDoor.open((_, net) => ({
      async onData() {
        const { conn, attach } = await net.dial({ host: "127.0.0.1", port, timeoutMs: 5_000 });
        attach({ onData() {} });
        await conn.startTls(testCertificate);
        conn.send(Buffer.from(`over ${conn.tls?.version}`));
        conn.finish();
      },
    }));
    using control = await connect({ port: door.port });
    await control.write("x");
    expect(await within(secured.promise, "the dialled bytes")).toBe("over TLSv1.3");
    client.close();
  });

  test("dial rejects where nobody listens", async () => {
    let message = "";
    await using door = await TestDoor.open((_, net) => ({
      async onData() {
        await net.dial({ host: "127.0.0.1", port: 1, timeoutMs: 5_000 }).catch((error: Error) => {
          message = error.message;
        });
      },
    }));
    using client = await connect({ port: door.port });
    await client.write("x");
    await until(() => message !== "", "the refusal");
    expect(message).toContain("connect");
  });
});

test("on a socket for both families an IPv4 peer has its IPv4 address, and has reached one", async () => {
  await using door = await TestDoor.open(() => ({ onData() {} }), { listen: [{ host: "::", port: 0 }] });
  using _ = await connect({ port: door.port });
  const { remote, local } = await door.connection();
  expect(remote).toMatchObject({ family: "ipv4", host: "127.0.0.1" });
  expect(local).toEqual({ family: "ipv4", host: "127.0.0.1", port: door.port });
});
