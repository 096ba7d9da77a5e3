import { describe, expect, test } from "bun:test";
import { closeSync, openSync, truncateSync, writeFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Connection } from "../../src/net/protocol.ts";
import { until, within } from "../support/deadline.ts";
import { RawPeer, testWithRawPeers } from "../support/raw-peer.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { testCertificate } from "../support/tls.ts";
import { TestDoor } from "./test-door.ts";

const MIB = 1024 * 1024;

/** A file of its own with bytes that tell where they are from. */
class TestFile implements Disposable {
  readonly bytes: Buffer;
  readonly path: string;
  readonly fd: number;
  private readonly folder = new TempFolder();

  constructor(size: number) {
    this.bytes = Buffer.alloc(size);
    for (let i = 0; i + 4 <= size; i += 4) this.bytes.writeUInt32LE((i * 2_654_435_761) >>> 0, i);
    this.path = this.folder.file("file");
    writeFileSync(this.path, this.bytes);
    this.fd = openSync(this.path, "r");
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
    this.folder[Symbol.dispose]();
  }
}

const sha256 = (bytes: Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

/** Sends a slice between two texts on every chunk, and remembers what was taken. */
function sender(fd: number, offset: number, length: number, taken: number[], progress: number[] = [], exact = false) {
  return (conn: Connection) => ({
    onData() {
      conn.send(Buffer.from("before:"));
      void conn
        .sendFile({ fd, offset, length, exact, onProgress: (bytes) => void progress.push(bytes) })
        .then((bytes) => taken.push(bytes));
      conn.send(Buffer.from(":after"));
      conn.finish();
    },
  });
}

describe("sendFile", () => {
  test("sends a slice in its place between other bytes", async () => {
    using file = new TestFile(24 * MIB);
    const taken: number[] = [];
    const progress: number[] = [];
    await using door = await TestDoor.open(sender(file.fd, 1_000_003, 20 * MIB, taken, progress));
    using client = await connect({ port: door.port });
    await client.write("get");
    const got = await client.readAll();
    client.halfClose();
    const slice = file.bytes.subarray(1_000_003, 1_000_003 + 20 * MIB);
    expect(sha256(got)).toBe(sha256(Buffer.concat([Buffer.from("before:"), slice, Buffer.from(":after")])));
    expect(taken).toEqual([20 * MIB]);
    expect(progress.at(-1)).toBe(20 * MIB);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  test("ends early when the file shrinks, and of an empty slice at once", async () => {
    using file = new TestFile(2 * MIB);
    const taken: number[] = [];
    truncateSync(file.path, MIB);
    await using door = await TestDoor.open(sender(file.fd, 0, 2 * MIB, taken));
    using client = await connect({ port: door.port });
    await client.write("get");
    expect((await client.readAll()).length).toBe(MIB + 13);
    client.halfClose();
    expect(taken).toEqual([MIB]);

    await using none = await TestDoor.open(sender(file.fd, 0, 0, taken));
    using other = await connect({ port: none.port });
    await other.write("get");
    expect((await other.readAll()).toString()).toBe("before::after");
    other.halfClose();
    expect(taken).toEqual([MIB, 0]);
  });

  test("no last words follow what came of a file that cannot be read: they would be taken for the rest of it", async () => {
    using folder = new TempFolder();
    const fd = openSync(folder.path, "r");
    await using door = await TestDoor.open((conn) => ({
      onData() {
        conn.send(Buffer.from("10 bytes:"));
        void conn.sendFile({ fd, offset: 0, length: 10 });
      },
      farewell: () => Buffer.from("last words"),
    }));
    using client = await connect({ port: door.port });
    await client.write("get");
    const got = await client.readAll().catch(() => "reset");
    expect(got.toString()).not.toContain("last words");
    expect(await door.ending()).toMatchObject({ kind: "error", error: { code: "EISDIR" } });
    closeSync(fd);
  });

  for (const tls of [undefined, testCertificate]) {
    test(`fills an exact slice with zeros where the file has shrunk${tls ? ", through TLS too" : ""}`, async () => {
      using file = new TestFile(2 * MIB);
      const taken: number[] = [];
      truncateSync(file.path, MIB + 5);
      const session = sender(file.fd, 3, 2 * MIB - 3, taken, [], true);
      await using door = await TestDoor.open(session, tls ? { tls } : {});
      const socket = tls
        ? connectTls({ port: door.port, host: "127.0.0.1", ca: tls.cert, servername: "localhost" })
        : connectTcp(door.port, "127.0.0.1");
      const pieces: Buffer[] = [];
      socket.on("data", (piece: Buffer) => void pieces.push(piece));
      const ended = new Promise<void>((resolve, reject) => socket.once("end", resolve).once("error", reject));
      socket.write("get");
      await within(ended, "the end of the transfer");
      const filled = Buffer.concat([file.bytes.subarray(3, MIB + 5), Buffer.alloc(MIB - 5)]);
      const expected = Buffer.concat([Buffer.from("before:"), filled, Buffer.from(":after")]);
      expect(sha256(Buffer.concat(pieces))).toBe(sha256(expected));
      expect(taken).toEqual([2 * MIB - 3]);
      socket.destroy();
    });
  }

  testWithRawPeers("a frozen download owns no memory, and goes on where it stopped", async () => {
    using file = new TestFile(12 * MIB);
    const taken: number[] = [];
    await using door = await TestDoor.open(sender(file.fd, 0, 12 * MIB, taken));
    await using frozen = await RawPeer.connect(door.port);
    await frozen.send("get");
    const conn = await door.connection();
    await until(() => conn.pending <= 6, "the first bytes to leave");
    expect(conn.pending).toBeLessThan(20);
    const { bytes } = await frozen.drain();
    expect(sha256(bytes)).toBe(sha256(Buffer.concat([Buffer.from("before:"), file.bytes, Buffer.from(":after")])));
    expect(taken).toEqual([12 * MIB]);
  });

  testWithRawPeers("resolves with what was taken when the peer leaves in the middle", async () => {
    using file = new TestFile(64 * MIB);
    const taken: number[] = [];
    await using door = await TestDoor.open(sender(file.fd, 0, 64 * MIB, taken));
    await using peer = await RawPeer.connect(door.port);
    await peer.send("get");
    await peer.read(100_000);
    await peer.reset();
    await until(() => taken.length === 1, "the promise");
    expect(taken[0]).toBeGreaterThan(100_000);
    expect(taken[0]).toBeLessThan(64 * MIB);
  });

  for (const tls of [undefined, testCertificate]) {
    test(`finds a peer gone that it does not read at the moment${tls ? ", over TLS too" : ""}`, async () => {
      using file = new TestFile(4 * MIB);
      const busy = Promise.withResolvers<void>();
      let asked = false;
      const onData = () => {
        asked = true;
        return busy.promise;
      };
      await using door = await TestDoor.open(() => ({ onData }), tls ? { tls } : {});
      const socket = tls
        ? connectTls({ port: door.port, host: "127.0.0.1", ca: tls.cert, servername: "localhost" })
        : connectTcp(door.port, "127.0.0.1");
      const closed = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
      socket.write("get");
      const conn = await door.connection();
      await until(() => asked, "the pause");
      socket.destroy();
      await within(closed, "the end of the client");
      const taken = conn.sendFile({ fd: file.fd, offset: 0, length: 4 * MIB });
      expect(await door.ending()).toEqual({ kind: "peer" });
      expect(await taken).toBeLessThan(4 * MIB);
      busy.resolve();
    });
  }

  testWithRawPeers("ends one peer alone when what hears of the progress throws", async () => {
    using file = new TestFile(64 * MIB);
    const failure = new Error("the disk of the listener is full");
    let broken = false;
    await using door = await TestDoor.open((conn) => ({
      onData() {
        const onProgress = () => {
          if (broken) throw failure;
        };
        void conn.sendFile({ fd: file.fd, offset: 0, length: 64 * MIB, onProgress });
      },
    }));
    await using peer = await RawPeer.connect(door.port);
    await peer.send("get");
    await peer.read(100_000);
    broken = true;
    expect((await peer.drain()).how).not.toBe("read");
    expect(await door.ending()).toEqual({ kind: "error", error: failure });
  });

  test("a large download does not hold up a small one, nor other peers", async () => {
    using file = new TestFile(64 * MIB);
    let large = 0;
    let largeWhenSmallEnded = -1;
    await using door = await TestDoor.open((conn) => ({
      async onData(chunk) {
        const isLarge = chunk[0] === 76;
        const length = isLarge ? 64 * MIB : MIB;
        const onProgress = (bytes: number) => {
          if (isLarge) large = bytes;
        };
        await conn.sendFile({ fd: file.fd, offset: 0, length, onProgress });
        if (!isLarge) largeWhenSmallEnded = large;
      },
    }));
    using one = await connect({ port: door.port });
    using two = await connect({ port: door.port });
    await door.connection(1);
    await Promise.all([one.write("L"), two.write("s")]);
    await Promise.all([one.readExactly(64 * MIB), two.readExactly(MIB)]);
    await until(() => largeWhenSmallEnded >= 0, "the small one to be told");
    expect(largeWhenSmallEnded).toBeLessThan(48 * MIB);
  });

  test("sends the same bytes through TLS", async () => {
    using file = new TestFile(20 * MIB);
    const taken: number[] = [];
    await using door = await TestDoor.open(sender(file.fd, 5, 19 * MIB, taken), { tls: testCertificate });
    const socket = connectTls({
      port: door.port,
      host: "127.0.0.1",
      ca: testCertificate.cert,
      servername: "localhost",
    });
    const hash = new Bun.CryptoHasher("sha256");
    socket.on("data", (chunk: Buffer) => void hash.update(chunk));
    const ended = new Promise<void>((resolve, reject) => socket.once("end", resolve).once("error", reject));
    socket.write("get");
    await within(ended, "the end of the transfer");
    const slice = file.bytes.subarray(5, 5 + 19 * MIB);
    expect(hash.digest("hex")).toBe(sha256(Buffer.concat([Buffer.from("before:"), slice, Buffer.from(":after")])));
    expect(taken).toEqual([19 * MIB]);
    socket.destroy();
  });
});
