import { expect, test } from "bun:test";
import { connect as connectTcp } from "node:net";
import { until } from "../support/deadline.ts";
import { TestDoor } from "./test-door.ts";

const MIB = 1024 * 1024;

/** Bytes that tell where they are from. */
function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE((at * 2_654_435_761) >>> 0, at);
  return bytes;
}

async function sendTo(port: number, bytes: Buffer): Promise<void> {
  const socket = connectTcp(port, "127.0.0.1");
  socket.end(bytes);
  await new Promise((closed) => socket.once("close", closed));
}

test("a session that borrows gets every byte in order, most of them in one buffer", async () => {
  const bytes = pattern(64 * MIB);
  const hash = new Bun.CryptoHasher("sha256");
  const buffers = new Map<ArrayBufferLike, number>();
  let got = 0;
  let ended = false;
  await using door = await TestDoor.open((conn) => ({
    borrows: true,
    onData(chunk) {
      hash.update(chunk);
      got += chunk.length;
      buffers.set(chunk.buffer, (buffers.get(chunk.buffer) ?? 0) + chunk.length);
    },
    onPeerEnd() {
      ended = true;
      conn.finish();
    },
  }));
  await sendTo(door.port, bytes);
  await until(() => ended, "the end");
  expect(got).toBe(bytes.length);
  expect(hash.digest("hex")).toBe(new Bun.CryptoHasher("sha256").update(bytes).digest("hex"));
  expect(Math.max(...buffers.values())).toBeGreaterThan(MIB);
});

test("a session that waits is given nothing meanwhile, borrowed or not", async () => {
  const bytes = pattern(8 * MIB);
  const hash = new Bun.CryptoHasher("sha256");
  let busy = false;
  let overlaps = 0;
  let got = 0;
  await using door = await TestDoor.open(() => ({
    borrows: true,
    async onData(chunk) {
      if (busy) overlaps += 1;
      busy = true;
      hash.update(chunk);
      got += chunk.length;
      await new Promise(setImmediate);
      busy = false;
    },
  }));
  await sendTo(door.port, bytes);
  await until(() => got === bytes.length, "all bytes");
  expect(overlaps).toBe(0);
  expect(hash.digest("hex")).toBe(new Bun.CryptoHasher("sha256").update(bytes).digest("hex"));
});

test("a session that keeps what it gets is lent nothing", async () => {
  const bytes = pattern(8 * MIB);
  const kept: Uint8Array[] = [];
  let got = 0;
  await using door = await TestDoor.open(() => ({
    onData(chunk) {
      kept.push(chunk);
      got += chunk.length;
    },
  }));
  await sendTo(door.port, bytes);
  await until(() => got === bytes.length, "all bytes");
  expect(Buffer.concat(kept).equals(bytes)).toBe(true);
});

test("a peer that resets the connection behind what it has sent has not said that this was all", async () => {
  let ends = 0;
  await using door = await TestDoor.open((conn) => ({
    borrows: true,
    onData() {},
    onPeerEnd() {
      ends += 1;
      conn.finish();
    },
  }));
  for (let tries = 0; tries < 20; tries++) {
    const socket = connectTcp(door.port, "127.0.0.1");
    await new Promise((connected) => socket.once("connect", connected));
    socket.write(pattern(300_000));
    socket.resetAndDestroy();
    expect(await door.ending(tries)).toEqual({ kind: "peer" });
  }
  expect(ends).toBe(0);
});
