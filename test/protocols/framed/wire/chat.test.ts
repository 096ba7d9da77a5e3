import { describe, expect, test } from "bun:test";
import { lineDoor } from "../../../../protocols/line/index.ts";
import { withoutFiles } from "../../../support/door-context.ts";
import { type FramedClient, frame, type Message } from "../../../support/frames.ts";
import { HandClock } from "../../../support/hand-clock.ts";
import { connect } from "../../../support/tcp.ts";
import { Framed, splits } from "./framed.ts";

async function receiveMany(client: FramedClient, count: number): Promise<Message[]> {
  const got: Message[] = [];
  while (got.length < count) got.push(await client.receive());
  return got;
}

describe("events", () => {
  test("tell what others do, each with its fields", async () => {
    await using framed = await Framed.open({ clock: new HandClock() });
    const time = "2026-01-02T03:04:05.678Z";
    using ann = await framed.member("ann");
    using bob = await framed.member("bob");
    const answer = await bob.request("say", { room: "#lobby", text: "hi" });
    const { epoch } = answer;
    await bob.request("act", { room: "#lobby", text: "waves" });
    await bob.request("topic", { room: "#lobby", topic: "tea" });
    await bob.request("tell", { to: "ann", text: "psst" });
    await bob.request("name", { name: "rob" });
    await bob.request("part", { room: "#lobby" });
    await bob.request("join", { room: "#lobby" });
    bob.tcp.halfClose();
    expect(await receiveMany(ann, 9)).toEqual([
      { event: "join", room: "#lobby", name: "bob", time },
      { event: "message", room: "#lobby", from: "bob", text: "hi", time, epoch, seq: 1 },
      { event: "action", room: "#lobby", from: "bob", text: "waves", time, epoch, seq: 2 },
      { event: "topic", room: "#lobby", from: "bob", text: "tea", time, epoch, seq: 3 },
      { event: "private", from: "bob", to: "ann", text: "psst", time },
      { event: "name", from: "bob", to: "rob", time },
      { event: "part", room: "#lobby", name: "rob", time },
      { event: "join", room: "#lobby", name: "rob", time },
      { event: "quit", name: "rob", reason: "", time },
    ]);
  });

  test("a sender does not get its own words, unless hello asked for them", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    using bob = await framed.member("bob", { echo: true });
    await ann.event("join");
    for (const who of [ann, bob]) await who.request("say", { room: "#lobby", text: "x" });
    expect(await bob.event("message")).toMatchObject({ from: "ann", seq: 1 });
    expect(await bob.event("message")).toMatchObject({ from: "bob", seq: 2 });
    expect(await ann.event("message")).toMatchObject({ from: "bob", seq: 2 });
  });

  test("and answers to say leave in the order of seq, whoever spoke", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    using bob = await framed.member("bob");
    await ann.event("join");
    const each = 200;
    for (let i = 0; i < each; i++) {
      await ann.send({ op: i % 2 ? "say" : "act", room: "#lobby", text: `a${i}`, id: i });
      await bob.send({ op: "say", room: "#lobby", text: `b${i}`, id: i });
    }
    for (const who of [ann, bob]) {
      const got = await receiveMany(who, 2 * each);
      expect(got.map(({ seq }) => seq)).toEqual(Array.from({ length: 2 * each }, (_, i) => i + 1));
    }
  });

  test("reach a member who came by telnet, and theirs reach frames", async () => {
    await using framed = await Framed.open();
    const line = lineDoor.open({
      ...withoutFiles,
      runtime: framed.runtime,
      hub: framed.hub,
      config: { lineCharset: [] },
      listen: [{ host: "127.0.0.1", port: 0 }],
      allow: { chat: true, echo: true, udp: false },
      maxFrame: 1 << 20,
      server: "tincan/test",
      portOf: () => null,
    });
    await line.start();
    using ann = await framed.member("ann");
    {
      using bob = await connect({ port: line.listeners[0]?.port ?? 0 });
      await bob.readUntil("here: ann");
      await ann.request("say", { room: "#lobby", text: "one\ntwo" });
      await bob.readUntil("ann: one\r\nann: two\r\n");
      await bob.write("hi ann\r\n");
      expect(await ann.event("message")).toMatchObject({ text: "hi ann", seq: 2 });
    }
    expect(await ann.event("quit")).toMatchObject({ name: "guest1" });
    line.suspend();
    await line.drain(framed.runtime.clock.mono());
  });

  test("requests split at every byte are understood", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    const bytes = Buffer.concat([frame('{"op":"ping","id":1}'), frame('{"op":"ping","id":2}')]);
    for (const pieces of splits(bytes)) {
      await framed.feed(ann.tcp, pieces);
      expect(await receiveMany(ann, 2)).toEqual([
        { id: 1, ok: true },
        { id: 2, ok: true },
      ]);
    }
  });
});

describe("history", () => {
  test("comes in pages, backwards and forwards, without a gap or a double", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    for (let i = 1; i <= 30; i++) await ann.send({ op: "say", room: "#lobby", text: `${i}` });
    const all = Array.from({ length: 30 }, (_, i) => i + 1);
    const backwards: number[] = [];
    const forwards: number[] = [];
    const seqs = (page: Message) => (page["events"] as { seq: number }[]).map(({ seq }) => seq);
    for (let before: unknown = 31; before !== null; ) {
      const page = await ann.request("history", { room: "#lobby", before, limit: 7 });
      backwards.unshift(...seqs(page));
      before = page["next"];
    }
    for (let after: unknown = 0; after !== null; ) {
      const page = await ann.request("history", { room: "#lobby", after, limit: 7 });
      forwards.push(...seqs(page));
      after = page["next"];
    }
    expect(backwards).toEqual(all);
    expect(forwards).toEqual(all);
  });

  test("of long texts is cut at 256 KiB and told where to go on", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    for (let i = 0; i < 150; i++) await ann.request("say", { room: "#lobby", text: "世".repeat(1333) });
    await ann.send({ op: "history", room: "#lobby", id: 5, after: 0 });
    const header = await ann.tcp.readExactly(4);
    const size = header.readUInt32BE();
    expect(size).toBeLessThanOrEqual(256 * 1024 + 1024);
    const page = JSON.parse((await ann.tcp.readExactly(size)).toString());
    expect(page.next).toBe(page.events.at(-1).seq);
    expect(page.events.length).toBeGreaterThan(40);
  });

  test("lets a reader who was away catch up by epoch and seq", async () => {
    await using framed = await Framed.open();
    using bob = await framed.member("bob");
    const seen = await bob.request("say", { room: "#lobby", text: "1" });
    for (let i = 2; i <= 5; i++) await bob.request("say", { room: "#lobby", text: `${i}` });
    using ann = await framed.program();
    const { rooms } = await ann.request("hello", { v: 1, service: "chat", name: "ann" });
    expect(rooms).toMatchObject([{ epoch: seen["epoch"], seq: 5 }]);
    const page = await ann.request("history", { room: "#lobby", after: seen["seq"] });
    expect(page).toMatchObject({ events: [{ text: "2" }, { text: "3" }, { text: "4" }, { text: "5" }], next: null });
  });

  test("of a room that was empty begins anew, with another epoch", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    const first = await ann.request("join", { room: "#tea" });
    await ann.request("say", { room: "#tea", text: "x" });
    await ann.request("part", { room: "#tea" });
    const second = await ann.request("join", { room: "#tea" });
    expect(second).toMatchObject({ seq: 0 });
    expect(second["epoch"]).not.toBe(first["epoch"]);
  });

  test("is for those who are in the room", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    using bob = await framed.member("bob");
    await bob.request("join", { room: "#tea" });
    expect(await ann.request("history", { room: "#tea" })).toMatchObject({ error: { code: "not-in-room" } });
  });
});
