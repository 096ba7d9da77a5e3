import { describe, expect, test } from "bun:test";
import { MemoryDoor, type Peer } from "./door.ts";

const hex = (text: string) => Buffer.from(text, "hex");

async function exchange(peer: Peer, body: string): Promise<void> {
  const header = Buffer.from(peer.frame(body).subarray(0, 4));
  await peer.conn.push(header);
  expect(peer.conn.takeBytes().toString()).toBe("ok");
  if (body !== "") await peer.conn.push(Buffer.from(body));
}

describe("ack mode", () => {
  test("acknowledges the header, then announces the answer and waits for ok", async () => {
    const peer = new MemoryDoor({ ack: true }).connect();
    for (const body of ["sticky", "packets"]) {
      await exchange(peer, body);
      expect(peer.conn.takeBytes().readUInt32BE()).toBe(body.length);
      await peer.conn.push(Buffer.from("o"));
      expect(peer.conn.takeBytes()).toHaveLength(0);
      await peer.conn.push(Buffer.from("k"));
      expect(peer.conn.takeBytes().toString()).toBe(body.toUpperCase());
    }
    peer.conn.session?.onPeerEnd?.();
    expect(peer.conn.why).toEqual({ kind: "local" });
  });

  test("answers an empty body too", async () => {
    const peer = new MemoryDoor({ ack: true }).connect();
    await peer.conn.push(hex("00000000"));
    expect(peer.conn.takeBytes().toString("hex")).toBe("6f6b00000000");
    expect(peer.conn.deadlines.has("handshake")).toBe(true);
    await peer.conn.push(Buffer.from("ok"));
    expect(peer.conn.deadlines.size).toBe(0);
  });

  test("gives a message a minute, from its header to the ok for its answer", async () => {
    const peer = new MemoryDoor({ ack: true }).connect();
    for (const byte of hex("000000036162")) await peer.conn.push(Uint8Array.of(byte));
    await peer.conn.push(hex("63"));
    expect(peer.conn.deadlines.get("handshake")).toBe(60_000);
    expect(peer.conn.deadlineCalls).toBe(1);
    await peer.conn.push(Buffer.from("ok"));
    expect(peer.conn.deadlines.size).toBe(0);
  });

  test("counts the answer that waits as input that is held", async () => {
    const peer = new MemoryDoor({ ack: true }).connect();
    await exchange(peer, "sticky");
    expect(peer.conn.session?.buffered).toBe(6);
  });

  test("ends for whoever sends something else than ok", async () => {
    const peer = new MemoryDoor({ ack: true }).connect();
    await exchange(peer, "abc");
    peer.conn.takeBytes();
    await peer.conn.push(Buffer.from("no"));
    expect(peer.messages()).toMatchObject([{ event: "bye", reason: "violation" }]);
    expect(peer.conn.why).toMatchObject({ kind: "violation" });
  });

  test("ends for whoever is cut short", async () => {
    const peer = new MemoryDoor({ ack: true }).connect();
    await exchange(peer, "abc");
    peer.conn.takeBytes();
    peer.conn.session?.onPeerEnd?.();
    expect(peer.messages()).toMatchObject([{ event: "bye", reason: "violation" }]);
  });

  test("has echo only: a hello is answered by bye", async () => {
    const peer = new MemoryDoor({ ack: true }).connect();
    await exchange(peer, JSON.stringify({ op: "hello", v: 1, service: "echo", id: 1 }));
    expect(peer.messages()).toMatchObject([{ event: "bye", reason: "denied" }]);
  });

  test("can be denied with the echo", async () => {
    const peer = new MemoryDoor({ ack: true, allow: { echo: false } }).connect();
    await exchange(peer, "abc");
    expect(peer.messages()).toMatchObject([{ event: "bye", reason: "denied" }]);
  });

  test("explains a length that cannot be", async () => {
    const peer = new MemoryDoor({ ack: true }).connect();
    await peer.conn.push(Buffer.from("GET / HTTP/1.1\r\n\r\n"));
    expect(peer.conn.takeBytes().toString()).toStartWith("HTTP/1.1 400");
  });

  test("does not read a peer that does not read", async () => {
    const peer = new MemoryDoor({ ack: true }).connect();
    peer.conn.freeze();
    const busy = peer.conn.push(Buffer.concat([hex("0000000161"), Buffer.from("ok"), hex("0000000162")]));
    await new Promise(setImmediate);
    expect(peer.conn.takeBytes().toString()).toBe("ok");
    peer.conn.thaw();
    await busy;
    expect(peer.conn.takeBytes().toString("latin1")).toBe("\0\0\0\x01Aok\0\0\0\x01");
  });
});
