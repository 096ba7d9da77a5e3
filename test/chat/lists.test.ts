import { describe, expect, test } from "bun:test";
import type { Seat } from "../../src/chat/member.ts";
import { MemoryLog } from "../../src/chat/memory-log.ts";
import { ask, bring, openHub } from "./members.ts";

const PAGE = 256 * 1024;

/** Remembers thousands of empty rooms, and counts how often it is asked where one stands. */
class ManyRooms extends MemoryLog {
  override readonly kept = Array.from({ length: 4_000 }, (_, n) => ({
    name: `#r${10_000 + n}`,
    key: `#r${10_000 + n}`,
  }));
  asked = 0;

  override state(room: string) {
    this.asked++;
    return super.state(room);
  }
}

function everybody(seat: Seat, room: string, limit?: number): string[] {
  const names: string[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page = ask(seat, { op: "who", room, ...(limit ? { limit } : {}), ...(after ? { after } : {}) });
    if (!page.ok) throw new Error(page.error.message);
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(PAGE);
    names.push(...page.members);
    after = page.next;
  }
  return names;
}

describe("who", () => {
  test("lists names in order, by pages", () => {
    const { hub } = openHub();
    const people = ["zoe", "bob", "ann", "Eve", "小明"].map((name) => bring(hub, { name }));
    const { seat } = people[0] ?? bring(hub);
    expect(ask(seat, { op: "who", room: "#lobby" })).toEqual({
      ok: true,
      members: ["Eve", "ann", "bob", "zoe", "小明"],
      next: null,
    });
    expect(ask(seat, { op: "who", room: "#lobby", limit: 2 })).toEqual({
      ok: true,
      members: ["Eve", "ann"],
      next: "ann",
    });
    expect(everybody(seat, "#lobby", 2)).toEqual(["Eve", "ann", "bob", "zoe", "小明"]);
    ask(seat, { op: "name", name: "aaron" });
    expect(everybody(seat, "#lobby")).toEqual(["Eve", "aaron", "ann", "bob", "小明"]);
    people[2]?.seat.leave("bye");
    expect(everybody(seat, "#LOBBY")).toEqual(["Eve", "aaron", "bob", "小明"]);
  });

  test("shows a room that one is not in, and pages on after somebody who left", () => {
    const { hub } = openHub();
    const people = ["a", "b", "c"].map((name) => bring(hub, { name, room: "#dev" }));
    const { seat } = bring(hub, { name: "zoe" });
    expect(ask(seat, { op: "who", room: "#dev", limit: 2 })).toMatchObject({ next: "b" });
    people[1]?.seat.leave("bye");
    expect(ask(seat, { op: "who", room: "#dev", after: "b" })).toMatchObject({ members: ["c"], next: null });
  });

  test("of 10,000 with long names comes in pages of 256 KiB", () => {
    const { hub } = openHub();
    const names = Array.from({ length: 10_000 }, (_, n) => `${"小".repeat(15)}${n + 10_000}`);
    const people = names.map((name) => bring(hub, { name }));
    expect(everybody(people[0]?.seat ?? bring(hub).seat, "#lobby")).toEqual(names.sort());
  });
});

describe("rooms", () => {
  test("are listed with their counts, by pages", () => {
    const { hub } = openHub();
    const ann = bring(hub, { name: "ann", room: "#dev" });
    ask(ann.seat, { op: "topic", room: "#dev", topic: "work" });
    bring(hub, { room: "#dev" });
    bring(hub, { room: "#alps" });
    const all = ask(ann.seat, { op: "rooms" });
    expect(all).toMatchObject({
      next: null,
      rooms: [
        { room: "#alps", members: 1 },
        { room: "#dev", members: 2, seq: 1, topic: "work" },
        { room: "#lobby", members: 0 },
      ],
    });
    expect(ask(ann.seat, { op: "rooms", limit: 2 })).toMatchObject({ next: "#dev", rooms: [{}, {}] });
    expect(ask(ann.seat, { op: "rooms", after: "#dev" })).toMatchObject({ next: null, rooms: [{ room: "#lobby" }] });
  });

  test("of which thousands are remembered are looked at no further than the page goes", () => {
    const log = new ManyRooms();
    const { hub } = openHub({ log });
    bring(hub, { room: "#r12345" });
    log.asked = 0;
    expect(hub.outside.rooms({ after: "#r12344", limit: 2 })).toMatchObject({
      rooms: [
        { room: "#r12345", members: 1 },
        { room: "#r12346", members: 0 },
      ],
      next: "#r12346",
    });
    expect(log.asked).toBeLessThanOrEqual(3);
    const { seat } = bring(hub, { room: "#new" });
    expect(hub.outside.rooms({ after: "#lobby", limit: 1 })).toMatchObject({ rooms: [{ room: "#new" }] });
    ask(seat, { op: "part", room: "#new" });
    expect(hub.outside.rooms({ after: "#lobby", limit: 1 })).toMatchObject({ rooms: [{ room: "#r10000" }] });
  });

  test("256 with the longest topics come in pages of 256 KiB", () => {
    const { hub } = openHub();
    for (let n = 0; n < 255; n++) {
      const room = `#${"x".repeat(60)}${100 + n}`;
      const { seat } = bring(hub, { room });
      expect(ask(seat, { op: "topic", room, topic: '"'.repeat(390) }).ok).toBeTrue();
    }
    const { seat } = bring(hub);
    let listed = 0;
    for (let after: string | null | undefined; after !== null; ) {
      const page = ask(seat, { op: "rooms", ...(after ? { after } : {}) });
      if (!page.ok) throw new Error(page.error.message);
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(PAGE);
      listed += page.rooms.length;
      after = page.next;
    }
    expect(listed).toBe(256);
  });
});

test("history is what was said, for those in the room", () => {
  const { hub } = openHub();
  const ann = bring(hub, { name: "ann" });
  ask(ann.seat, { op: "say", room: "#lobby", text: "one" });
  ask(ann.seat, { op: "act", room: "#lobby", text: "two" });
  ask(ann.seat, { op: "topic", room: "#lobby", topic: "three" });
  const bob = bring(hub, { name: "bob" });
  expect(ask(bob.seat, { op: "history", room: "#Lobby" })).toMatchObject({
    ok: true,
    events: [
      { event: "message", from: "ann", text: "one", seq: 1 },
      { event: "action", text: "two", seq: 2 },
      { event: "topic", text: "three", seq: 3 },
    ],
    next: null,
    oldest: 1,
  });
  expect(ask(bob.seat, { op: "history", room: "#lobby", after: 1, limit: 1 })).toMatchObject({
    events: [{ seq: 2 }],
    next: 2,
  });
});
