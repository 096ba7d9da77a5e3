import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Reply } from "../../src/chat/command.ts";
import { Flood } from "../../src/chat/flood.ts";
import { HandClock } from "../support/hand-clock.ts";
import { ask, bring, openHub, outcome, type Person } from "./members.ts";

const say = (text: string) => ({ op: "say", room: "#lobby", text }) as const;

/** Submits and writes down when the answer came. */
function send({ seat }: Person, command: Parameters<Person["seat"]["submit"]>[0], done: (reply: Reply) => void): void {
  const reply = seat.submit(command);
  if (reply instanceof Promise) void reply.then(done);
  else done(reply);
}

describe("in the hub", () => {
  test("20 commands go at once, then 10 a second, and none is lost", async () => {
    const { hub, clock } = openHub({ rate: 10, burst: 20 });
    const ann = bring(hub, { peer: "a" });
    const bob = bring(hub, { peer: "b" });
    clock.move(10_000);
    for (let n = 1; n <= 20; n++) expect(ask(ann.seat, say(`${n}`)).ok).toBeTrue();
    const late = [21, 22, 23].map((n) => ann.seat.submit(say(`${n}`)));
    expect(late.every((reply) => reply instanceof Promise)).toBeTrue();
    expect(bob.ear.events.length).toBe(20);
    clock.move(99);
    expect(bob.ear.events.length).toBe(20);
    clock.move(1);
    expect(bob.ear.events.length).toBe(21);
    clock.move(200);
    expect(bob.ear.events.map((event) => "seq" in event && event.seq)).toEqual(
      Array.from({ length: 23 }, (_, i) => i + 1),
    );
    expect((await Promise.all(late)).map(outcome)).toEqual(["ok", "ok", "ok"]);
    clock.move(10_000);
    expect(clock.waiting).toBe(0);
  });

  test("who comes in pays but does not wait, and what reads is free", () => {
    const { hub, clock } = openHub({ rate: 10, burst: 20 });
    const people = Array.from({ length: 30 }, () => bring(hub, { peer: "a" }));
    const [ann] = people;
    if (ann === undefined) throw new Error("nobody came");
    expect(ann.seat.submit(say("hi"))).toBeInstanceOf(Promise);
    clock.move(100);
    for (let n = 0; n < 100; n++) {
      expect(ask(ann.seat, { op: "who", room: "#lobby" }).ok).toBeTrue();
      expect(ask(ann.seat, { op: "topic", room: "#lobby" }).ok).toBeTrue();
      expect(ask(ann.seat, { op: "ping" }).ok).toBeTrue();
    }
    expect(ann.seat.submit({ op: "topic", room: "#lobby", topic: "x" })).toBeInstanceOf(Promise);
  });

  test("all connections of a peer share a bucket, other peers do not feel it", () => {
    const { hub } = openHub({ rate: 10, burst: 3 });
    const [one, two, other] = [bring(hub, { peer: "a" }), bring(hub, { peer: "a" }), bring(hub, { peer: "b" })];
    expect(ask(one.seat, say("1")).ok).toBeTrue();
    expect(two.seat.submit(say("2"))).toBeInstanceOf(Promise);
    expect(ask(other.seat, say("3")).ok).toBeTrue();
  });

  test("the state counts when a command's turn comes", async () => {
    const { hub, clock } = openHub({ rate: 10, burst: 2 });
    const ann = bring(hub, { peer: "a", name: "ann" });
    ask(ann.seat, say("1"));
    const late = ann.seat.submit({ op: "name", name: "bob" });
    bring(hub, { peer: "b", name: "bob" });
    clock.move(100);
    expect(outcome(await late)).toBe("name-taken");
  });

  test("reading waits behind what the same member has waiting, and only there", async () => {
    const { hub, clock } = openHub({ rate: 10, burst: 2 });
    const ann = bring(hub, { peer: "a" });
    const eve = bring(hub, { peer: "a" });
    const order: string[] = [];
    send(ann, say("1"), () => order.push("say"));
    send(ann, { op: "history", room: "#lobby" }, (reply) =>
      order.push(`history ${"events" in reply && reply.events.length}`),
    );
    send(eve, { op: "ping" }, () => order.push("ping of the other"));
    expect(order).toEqual(["ping of the other"]);
    clock.move(200);
    await Promise.resolve();
    await Promise.resolve();
    expect(order).toEqual(["ping of the other", "say", "history 1"]);
  });

  test("what waits of somebody who leaves is refused, and nothing is left behind", async () => {
    const { hub, clock } = openHub({ rate: 10, burst: 1 });
    const ann = bring(hub, { peer: "a" });
    const bob = bring(hub, { peer: "b" });
    bob.ear.take();
    const late = [ann.seat.submit(say("1")), ann.seat.submit({ op: "ping" })];
    ann.seat.leave("bye");
    expect((await Promise.all(late)).map(outcome)).toEqual(["denied", "denied"]);
    clock.move(60_000);
    expect(bob.ear.said()).toEqual(["quit guest1 bye"]);
    expect(clock.waiting).toBe(0);
  });

  test("a rate of 0 is no limit", () => {
    const { hub, clock } = openHub({ rate: 0 });
    const ann = bring(hub);
    for (let n = 0; n < 1_000; n++) expect(ask(ann.seat, say("hi")).ok).toBeTrue();
    expect(clock.waiting).toBe(0);
  });
});

describe("buckets", () => {
  test("of peers who came and went are removed", () => {
    const clock = new HandClock();
    const flood = new Flood(clock, 10, 20);
    for (let n = 0; n < 1_000; n++) flood.charge(`peer-${n}`, 1);
    expect(flood.load).toEqual({ peers: 1_000, waiting: 0 });
    clock.move(2_000);
    expect(flood.load).toEqual({ peers: 0, waiting: 0 });
    expect(clock.waiting).toBe(0);
  });

  test("let through no more than burst and rate allow, and in order", () => {
    const arrivals = fc.array(fc.record({ pause: fc.nat(400), owner: fc.nat(2) }), { maxLength: 80 });
    const limits = fc.record({ rate: fc.constantFrom(1, 3, 7, 10, 1_000), burst: fc.integer({ min: 1, max: 8 }) });
    fc.assert(
      fc.property(arrivals, limits, (list, { rate, burst }) => {
        const clock = new HandClock();
        const flood = new Flood(clock, rate, burst);
        const owners = [{}, {}, {}];
        const went: { n: number; at: number }[] = [];
        list.forEach(({ pause, owner: which }, n) => {
          clock.move(pause);
          const owner = owners[which] ?? {};
          const go = () => went.push({ n, at: clock.mono() });
          if (flood.admit("a", owner, 1)) go();
          else flood.wait("a", { owner, cost: 1, go, drop: () => {} });
        });
        clock.move((list.length + burst + 1) * (1_000 / rate + 1));
        expect(went.map(({ n }) => n)).toEqual(list.map((_, n) => n));
        for (let from = 0; from < went.length; from++) {
          for (let to = from + burst; to < went.length; to++) {
            const span = (went[to]?.at ?? 0) - (went[from]?.at ?? 0);
            expect(to - from + 1).toBeLessThanOrEqual(burst + (span * rate) / 1_000 + 0.01);
          }
        }
        expect(flood.load).toEqual({ peers: 0, waiting: 0 });
        expect(clock.waiting).toBe(0);
      }),
    );
  });
});
