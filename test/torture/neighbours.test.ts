import { describe, expect } from "bun:test";
import { FramedClient, frame } from "../support/frames.ts";
import { lineClient } from "../support/line-user.ts";
import { RawPeer, testWithRawPeers as test } from "../support/raw-peer.ts";
import { connect } from "../support/tcp.ts";
import { startTincan } from "../support/tincan.ts";

/** The smallest outbox that is allowed beside 64 KiB frames: 2 frames + 512 KiB. */
const SMALL_OUTBOX = ["--max-frame", "64KiB", "--max-outbox", "640KiB"];
const CAP = 640 * 1024;

/** One batch, and how many of them: more than the kernel's buffers (4 MiB) and the outbox hold for somebody frozen. */
const BATCH = 16;
const BATCHES = 120;

const texts = Array.from({ length: BATCH * BATCHES }, (_, i) => `${i} ${"x".repeat(3_900 - (i % 50))}`);
const batches = Array.from({ length: BATCHES }, (_, i) => texts.slice(i * BATCH, (i + 1) * BATCH));

describe("a frozen, a slow and a healthy peer side by side", () => {
  test("in the room of the line door: the frozen one is dropped as slow, the others get every line", async () => {
    await using tincan = await startTincan(["--doors", "line", "--chat-rate", "0", ...SMALL_OUTBOX]);
    const port = tincan.port("line");
    await using frozen = await RawPeer.connect(port);
    await using slow = await RawPeer.connect(port);
    using healthy = await lineClient({ port }, "healthy");
    using ann = await lineClient({ port }, "ann");
    const slowHeard: Buffer[] = [];
    let heard = "";
    for (const batch of batches) {
      await ann.tcp.write(batch.map((text) => `${text}\r\n`).join(""));
      const last = batch.at(-1) ?? "";
      heard += await healthy.tcp.readUntil(`${last}\r\n`);
      // What it has read so far is a batch behind what was said: it is slow, but it does read.
      const { how, bytes } = await slow.read(60_000);
      expect(how).toBe("read");
      slowHeard.push(bytes);
    }
    const closed = await tincan.closed(frozen.peer);
    expect(closed).toMatchObject({ door: "line", reason: "slow" });
    expect(Number(closed["pending"])).toBeGreaterThan(CAP);
    const said = texts.map((text) => `ann: ${text}`);
    expect(linesOf(heard)).toEqual(said);
    await ann.tcp.write("/quit\r\n");
    const rest = slow.drain();
    expect(await tincan.stop()).toBe(0);
    expect(linesOf(Buffer.concat([...slowHeard, (await rest).bytes]).toString())).toEqual(said);
  }, 60_000);

  test("in the room of the framed door: the same, with every seq", async () => {
    await using tincan = await startTincan(["--doors", "framed", "--chat-rate", "0", ...SMALL_OUTBOX]);
    const port = tincan.port("framed");
    await using frozen = await RawPeer.connect(port);
    await frozen.send(frame(JSON.stringify({ op: "hello", v: 1, service: "chat", name: "frozen", id: 1 })));
    using healthy = await FramedClient.chat({ port }, { name: "healthy" });
    using ann = await FramedClient.chat({ port }, { name: "ann" });
    const seqs: unknown[] = [];
    for (const batch of batches) {
      for (const text of batch) await ann.send({ op: "say", room: "#lobby", text });
      for (const text of batch) {
        const event = await healthy.event("message");
        expect(event["text"]).toBe(text);
        seqs.push(event["seq"]);
      }
    }
    expect(seqs).toEqual(texts.map((_, i) => Number(seqs[0]) + i));
    const closed = await tincan.closed(frozen.peer);
    expect(closed).toMatchObject({ door: "framed", reason: "slow" });
    expect(Number(closed["pending"])).toBeGreaterThan(CAP);
  }, 60_000);

  for (const door of ["echo", "framed"]) {
    test(`at the ${door} door's echo: who sends and never reads is paused, and holds nobody up`, async () => {
      await using tincan = await startTincan(["--doors", "echo,framed"]);
      const port = tincan.port(door);
      using healthy = await connect({ port });
      const before = tincan.rss();
      const question = door === "echo" ? Buffer.alloc(8_192, "a") : frame("a".repeat(8_188));
      const answer = door === "echo" ? Buffer.alloc(8_192, "A") : frame("A".repeat(8_188));
      await using frozen = await RawPeer.connect(port);
      await using slow = await RawPeer.connect(port);
      await slow.send(question, 50);
      const flooded = frozen.flood(question);
      for (let i = 0; i < 200; i++) {
        await healthy.write(question);
        expect(answer.equals(await healthy.readExactly(answer.length))).toBe(true);
        if (i % 4 === 0) expect(answer.equals((await slow.read(answer.length)).bytes)).toBe(true);
      }
      const { how, bytes } = await flooded;
      expect(how).toBe("stuck");
      // What the kernel's buffers take both ways, and what the outbox may hold: bounded, however long it goes on.
      expect(bytes).toBeLessThan(64 * 1024 * 1024);
      expect(tincan.rss() - before).toBeLessThan(48 * 1024 * 1024);
      await frozen.reset();
      await tincan.closed(frozen.peer);
    }, 60_000);
  }
});

/** The chat lines among what was heard; notices of who came and went are for others to test. */
function linesOf(heard: string): string[] {
  return heard.split("\r\n").filter((line) => line.startsWith("ann: "));
}
