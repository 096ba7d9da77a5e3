import { describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { closeSync, ftruncateSync, openSync } from "node:fs";
import { connect as connectTls } from "node:tls";
import { Share } from "../../../files/share.ts";
import { until } from "../../../support/deadline.ts";
import { FilesClient } from "../../../support/files-client.ts";
import { frame, type Message } from "../../../support/frames.ts";
import { HandClock } from "../../../support/hand-clock.ts";
import { RawPeer, testWithRawPeers } from "../../../support/raw-peer.ts";
import { TcpClient } from "../../../support/tcp.ts";
import { testCertificate } from "../../../support/tls.ts";
import { sha256 } from "../files-door.ts";
import { Framed } from "./framed.ts";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** A file of many zeros that needs no room. */
function sparse(share: Share, name: string, size: number): void {
  const fd = openSync(share.file(name), "w");
  ftruncateSync(fd, size);
  closeSync(fd);
}

const ended = (id: number) => (message: Message) => message["id"] === id && message["event"] === "end";

describe("fairness", () => {
  for (const hash of ["sha256", "none"]) {
    test(`beside a get of 5 GiB one of 1 MiB ends before 16 MiB of the large one came (${hash})`, async () => {
      await using share = new Share();
      sparse(share, "large", 5 * GIB);
      share.put("small", randomBytes(MIB));
      await using framed = await Framed.open({ share });
      using ann = await framed.files();
      await ann.send({ op: "get", path: "/large", id: 1, hash }, { op: "get", path: "/small", id: 2, hash });
      expect(await ann.until(ended(2))).toMatchObject({ bytes: MIB });
      const first = ann.came.get(1) ?? 0;
      // One that begins when the large one is well on its way has no more before it.
      await ann.send({ op: "get", path: "/small", id: 3, hash });
      await ann.until(({ id, ok }) => id === 3 && ok === true);
      const before = ann.came.get(1) ?? 0;
      expect(await ann.until(ended(3))).toMatchObject({ bytes: MIB });
      expect([first, (ann.came.get(1) ?? 0) - before].every((bytes) => bytes < 4 * MIB)).toBe(true);
    });
  }

  test("what is said in the chat has two MiB of a get before it at most", async () => {
    await using share = new Share();
    sparse(share, "large", 5 * GIB);
    await using framed = await Framed.open({ share });
    using bob = await framed.member("bob");
    using ann = new FilesClient(await framed.tcp());
    await ann.ask({ op: "hello", v: 1, service: "chat", name: "ann", id: 0 });
    await ann.send({ op: "get", path: "/large", id: 1, hash: "none" });
    await until(() => framed.door.stats().bytesOut > 8 * MIB, "some of the file");
    await bob.request("say", { room: "#lobby", text: "lunch?" });
    const { bytesOut } = framed.door.stats();
    await ann.until(({ event }) => event === "message");
    // All that was on its way when bob spoke, and what was queued.
    expect(ann.came.get(1) ?? 0).toBeLessThan(bytesOut + 2 * MIB);
  });
});

test("a hash of 5 GiB runs beside an echo that does not notice, and ends with its peer", async () => {
  await using share = new Share();
  sparse(share, "large", 5 * GIB);
  await using framed = await Framed.open({ share });
  using ann = await framed.files();
  using echo = await framed.tcp();
  await ann.send({ op: "hash", path: "/large", id: 1 });
  const times: number[] = [];
  while (times.length < 300) {
    const begun = performance.now();
    await echo.write(frame("ping"));
    expect((await echo.readExactly(8)).toString("latin1")).toEndWith("PING");
    times.push(performance.now() - begun);
  }
  expect(share.open).toBeGreaterThan(0);
  times.sort((a, b) => a - b);
  expect(times[296]).toBeLessThan(100);
  ann.tcp.reset();
  await until(() => share.open === 0, "the hash to end");
});

test("100,000 files are listed in pages of at most 256 KiB, while others are served", async () => {
  await using share = new Share();
  for (let i = 0; i < 100_000; i++) closeSync(openSync(share.file(`file-${String(i).padStart(6, "0")}.bin`), "w"));
  await using framed = await Framed.open({ share });
  using ann = await framed.files();
  const names: string[] = [];
  let pages = 0;
  for (let after: unknown; after !== null; pages++) {
    const before = framed.door.stats().bytesOut;
    const answer = await ann.ask({ op: "list", path: "/", id: 1, after }, 30_000);
    expect(framed.door.stats().bytesOut - before).toBeLessThanOrEqual(256 * 1024);
    const { entries, next } = answer as unknown as { entries: readonly { name: string }[]; next: string | null };
    names.push(...entries.map(({ name }) => name));
    after = next;
  }
  expect(names).toHaveLength(100_000);
  expect(names).toEqual(names.toSorted());
  expect(pages).toBeLessThan(60);
}, 60_000);

describe("stall", () => {
  testWithRawPeers(
    "a peer that takes nothing of a get is given up after 60 s, with little memory until then",
    async () => {
      await using share = new Share();
      sparse(share, "large", GIB);
      const clock = new HandClock();
      await using framed = await Framed.open({ share, clock });
      await using frozen = await RawPeer.connect(framed.port);
      await frozen.send(frame('{"op":"hello","v":1,"service":"files","id":0}'));
      await frozen.send(frame('{"op":"get","path":"/large","id":1}'));
      let bytesOut = -1;
      await until(() => {
        const before = bytesOut;
        bytesOut = framed.door.stats().bytesOut;
        return bytesOut > 0 && bytesOut === before;
      }, "the socket to be full");
      expect(framed.runtime.outboxBudget.used).toBeLessThan(1_000);
      clock.move(59_000);
      expect(framed.door.stats().open).toBe(1);
      clock.move(2_000);
      await framed.closed("stall");
      expect(share.transfers.count).toBe(0);
      expect(share.open).toBe(0);
    },
  );

  test("a put that does not move ends after 60 s, and is kept", async () => {
    await using share = new Share();
    const clock = new HandClock();
    await using framed = await Framed.open({ share, clock });
    const put = { op: "put", path: "/a", size: 5, id: 1 };
    using ann = await framed.files();
    await ann.ask(put);
    await ann.put(1, 0, Buffer.from("he"));
    await until(() => [...share.transfers.running].some(({ bytes }) => bytes === 2), "the bytes");
    clock.move(59_000);
    await ann.put(1, 2, Buffer.from("l"));
    await until(() => [...share.transfers.running].some(({ bytes }) => bytes === 3), "the bytes");
    clock.move(59_000);
    expect(framed.door.stats().open).toBe(1);
    clock.move(2_000);
    expect(await ann.until(({ event }) => event === "bye")).toMatchObject({
      reason: "stall",
      text: expect.stringContaining("transfer"),
    });
    ann.tcp.halfClose();
    await framed.closed("stall");
    using again = await framed.files();
    expect(await again.ask({ ...put, resume: true })).toMatchObject({ offset: 3 });
  });

  test("files that are asked for nothing are idle after ten minutes, those of the chat never", async () => {
    await using share = new Share();
    share.put("a", "hello");
    const clock = new HandClock();
    await using framed = await Framed.open({ share, clock });
    using member = await framed.member("bob");
    using ann = await framed.files();
    await ann.send({ op: "get", path: "/a", id: 1 });
    await ann.until(ended(1));
    clock.move(599_000);
    expect(framed.door.stats().open).toBe(2);
    clock.move(2_000);
    expect(await ann.until(({ event }) => event === "bye")).toMatchObject({ reason: "idle" });
    ann.tcp.halfClose();
    await framed.closed("idle");
    expect(await member.request("ping")).toMatchObject({ ok: true });
  });
});

describe("endings", () => {
  test("a peer that half-closes gets all that it asked for, and its own half file is kept", async () => {
    await using share = new Share();
    const bytes = randomBytes(9 * MIB);
    share.put("a", bytes);
    await using framed = await Framed.open({ share });
    using ann = await framed.files();
    await ann.send({ op: "get", path: "/a", id: 1 }, { op: "hash", path: "/a", id: 2 });
    await ann.send({ op: "put", path: "/b", size: 5, id: 3 });
    await ann.put(3, 0, Buffer.from("he"));
    ann.tcp.halfClose();
    const rest = await ann.tcp.readAll();
    const text = rest.toString("latin1");
    expect(text.split(sha256(bytes))).toHaveLength(3);
    expect(text).toContain('{"id":3,"event":"end","error":{"code":"incomplete"');
    expect(rest.length).toBeGreaterThan(9 * MIB);
    using again = await framed.files();
    expect(await again.ask({ op: "put", path: "/b", size: 5, id: 3, resume: true })).toMatchObject({ offset: 2 });
  });

  test("a drain lets transfers end, takes no new ones, and says bye behind them", async () => {
    await using share = new Share();
    const bytes = randomBytes(9 * MIB);
    share.put("a", bytes);
    await using framed = await Framed.open({ share });
    using ann = await framed.files();
    await ann.ask({ op: "put", path: "/b", size: 5, id: 1 });
    await ann.send({ op: "get", path: "/a", id: 2 });
    await ann.until(({ id, ok }) => id === 2 && ok === true);
    framed.door.suspend();
    const drained = framed.door.drain(framed.runtime.clock.mono() + 10_000);
    expect(await ann.until(ended(2))).toMatchObject({ sha256: sha256(bytes) });
    expect(await ann.ask({ op: "get", path: "/a", id: 3 })).toMatchObject({ error: { code: "cancelled" } });
    await ann.put(1, 0, Buffer.from("hello"));
    expect(await ann.ask({ op: "end", of: 1, id: 4 })).toMatchObject({ ok: true, size: 5 });
    expect(await ann.until(({ event }) => event === "bye")).toMatchObject({ reason: "shutdown" });
    ann.tcp.halfClose();
    expect(await drained).toEqual({ killed: 0 });
    expect(share.read("b")).toBe("hello");
  });

  test("a drain without transfers says bye at once, and kills what moves for too long", async () => {
    await using share = new Share();
    await using framed = await Framed.open({ share });
    using idle = await framed.files();
    using busy = await framed.files();
    await busy.ask({ op: "put", path: "/b", size: 5, id: 1 });
    framed.door.suspend();
    const drained = framed.door.drain(framed.runtime.clock.mono() + 300);
    expect(await idle.until(({ event }) => event === "bye")).toMatchObject({ reason: "shutdown" });
    idle.tcp.halfClose();
    expect(await drained).toEqual({ killed: 1 });
    expect(share.transfers.count).toBe(0);
  });
});

test("over TLS files are the same", async () => {
  await using share = new Share();
  const bytes = randomBytes(5 * MIB);
  share.put("a", bytes);
  await using framed = await Framed.open({ share, tls: testCertificate });
  const { cert: ca } = testCertificate;
  const socket = connectTls({ port: framed.tlsPort, host: "127.0.0.1", ca, servername: "localhost" });
  using ann = new FilesClient(new TcpClient(socket, "the TLS door"));
  await ann.ask({ op: "hello", v: 1, service: "files", id: 0 });
  await ann.send({ op: "get", path: "/a", id: 1 });
  expect(await ann.until(ended(1))).toEqual({ id: 1, event: "end", bytes: bytes.length, sha256: sha256(bytes) });
  await ann.ask({ op: "put", path: "/b", size: bytes.length, id: 2 });
  for (let at = 0; at < bytes.length; at += 262_144) await ann.put(2, at, bytes.subarray(at, at + 262_144));
  expect(await ann.ask({ op: "end", of: 2, id: 3 })).toMatchObject({ ok: true, sha256: sha256(bytes) });
});
