import { expect, test } from "bun:test";
import { until } from "../../../support/deadline.ts";
import { FramedClient, frame } from "../../../support/frames.ts";
import { HandClock } from "../../../support/hand-clock.ts";
import { RawPeer, testWithRawPeers } from "../../../support/raw-peer.ts";
import { connect } from "../../../support/tcp.ts";
import { Framed } from "./framed.ts";

const hello = (name: string) => frame(JSON.stringify({ op: "hello", v: 1, service: "chat", name, id: 1 }));

testWithRawPeers(
  "a chat client that pipelines requests and never reads is paused, and gets every answer when it does",
  async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    for (let i = 0; i < 20; i++) await ann.request("say", { room: "#lobby", text: "x".repeat(4000) });
    await using frozen = await RawPeer.connect(framed.port, 4096);
    await frozen.send(hello("greedy"));
    await ann.event("join");
    const ask = frame('{"op":"history","room":"#lobby","id":1}');
    const { how, bytes } = await frozen.flood(ask);
    expect(how).toBe("stuck");
    const { highWater } = framed.runtime.limits;
    expect(framed.runtime.outboxBudget.used).toBeLessThan(highWater + 512 * 1024);
    // Nobody else notices.
    expect(await ann.request("ping")).toMatchObject({ ok: true });
    expect(bytes).toBeLessThan(16 << 20);
    await frozen.reset();
    expect(await ann.event("quit")).toMatchObject({ name: "greedy" });
  },
  20_000,
);

testWithRawPeers(
  "a member that reads nothing is dropped as slow; the others get every message",
  async () => {
    await using framed = await Framed.open({ limits: { maxOutbox: 1 << 20 } });
    using ann = await framed.member("ann");
    using bob = await framed.member("bob");
    await using frozen = await RawPeer.connect(framed.port, 4096);
    await frozen.send(hello("frozen"));
    await ann.event("join");
    await ann.event("join");
    const text = "x".repeat(4000);
    let said = 0;
    const quit = bob.event("quit");
    while ((framed.door.stats().closed["slow"] ?? 0) === 0) {
      expect(await ann.request("say", { room: "#lobby", text })).toMatchObject({ ok: true, seq: ++said });
    }
    expect(await quit).toMatchObject({ name: "frozen", reason: "connection too slow" });
    expect(said).toBeLessThan(5_000);
  },
  20_000,
);

test("at most 64 requests of a peer are handled in a turn", async () => {
  await using framed = await Framed.open();
  using ann = await framed.member("ann");
  using bob = await framed.member("bob");
  await ann.event("join");
  const ping = frame('{"op":"ping","id":1}');
  const answer = frame('{"id":1,"ok":true}').length;
  const { bytesOut } = framed.door.stats();
  const turns: number[] = [];
  let before = bytesOut;
  await ann.tcp.write(Buffer.concat(Array(1000).fill(ping)));
  await until(() => {
    const now = framed.door.stats().bytesOut;
    if (now > before) turns.push((now - before) / answer);
    before = now;
    return now - bytesOut === 1000 * answer;
  }, "all answers");
  expect(Math.max(...turns)).toBeLessThanOrEqual(128);
  expect(turns.length).toBeGreaterThan(7);
  expect(await bob.request("ping")).toMatchObject({ ok: true });
});

test("a member over the flood limit is slowed, and its requests keep their order", async () => {
  const clock = new HandClock();
  await using framed = await Framed.open({ clock, rate: 10 });
  using ann = await framed.member("ann");
  for (let i = 0; i < 30; i++) await ann.send({ op: "say", room: "#lobby", text: `${i}`, id: i });
  await ann.send({ op: "ping", id: 99 });
  const ids: unknown[] = [];
  const read = (async () => {
    for (let id: unknown; id !== 99; ) {
      ({ id } = await ann.receive());
      ids.push(id);
    }
  })();
  await until(() => ids.length >= 19, "the burst");
  expect(ids.length).toBeLessThan(25);
  await until(() => {
    clock.move(10);
    return ids.length === 31;
  }, "the rest");
  await read;
  expect(ids).toEqual([...Array(30).keys(), 99]);
});

test("500 clients that each say hello are all answered", async () => {
  await using framed = await Framed.open();
  const clients = await Promise.all(Array.from({ length: 500 }, () => connect({ port: framed.port })));
  const answers = await Promise.all(
    clients.map((tcp, i) => new FramedClient(tcp).request("hello", { v: 1, service: "echo", name: `c${i}` })),
  );
  for (const tcp of clients) tcp[Symbol.dispose]();
  expect(answers.filter(({ ok }) => ok === true)).toHaveLength(500);
});
