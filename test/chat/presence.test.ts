import { describe, expect, test } from "bun:test";
import { ask, bring, openHub } from "./members.ts";

describe("in small rooms", () => {
  test("who joins and parts is told to those in the room", () => {
    const { hub } = openHub();
    const [ann, bob, eve] = [bring(hub, { name: "ann" }), bring(hub, { name: "bob" }), bring(hub, { room: "#dev" })];
    for (const { ear } of [ann, bob, eve]) ear.take();
    ask(bob.seat, { op: "join", room: "#dev" });
    ask(bob.seat, { op: "join", room: "#dev" });
    expect(eve.ear.take()).toEqual([{ event: "join", room: "#dev", name: "bob" }]);
    ask(bob.seat, { op: "part", room: "#dev" });
    expect(eve.ear.take()).toEqual([{ event: "part", room: "#dev", name: "bob" }]);
    expect([...ann.ear.take(), ...bob.ear.take()]).toEqual([]);
  });

  test("a quit and a new name are told once to each who shares a room", () => {
    const { hub, clock } = openHub();
    const [ann, bob, eve, zoe] = ["ann", "bob", "eve", "zoe"].map((name) => bring(hub, { name, room: `#${name}` }));
    if (!ann || !bob || !eve || !zoe) throw new Error("nobody came");
    for (const { seat } of [ann, bob, eve]) ask(seat, { op: "join", room: "#one" });
    for (const { seat } of [ann, bob]) ask(seat, { op: "join", room: "#two" });
    for (const { ear } of [ann, bob, eve, zoe]) ear.take();
    expect(ask(ann.seat, { op: "name", name: "anna" })).toEqual({ ok: true, name: "anna" });
    expect(ask(ann.seat, { op: "name", name: "anna" })).toEqual({ ok: true, name: "anna" });
    expect(bob.ear.take()).toEqual([{ event: "name", from: "ann", to: "anna" }]);
    expect(eve.ear.take()).toEqual([{ event: "name", from: "ann", to: "anna" }]);
    ann.seat.leave("bye");
    expect(bob.ear.take()).toEqual([{ event: "quit", name: "anna", reason: "bye" }]);
    expect(eve.ear.take()).toEqual([{ event: "quit", name: "anna", reason: "bye" }]);
    expect([...ann.ear.take(), ...zoe.ear.take()]).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});

describe("in a crowd", () => {
  test("100 members are told each, with the next begins the summing up", () => {
    const { hub, clock } = openHub();
    const { ear } = bring(hub);
    for (let n = 2; n <= 100; n++) bring(hub);
    expect(ear.take().length).toBe(99);
    expect(clock.waiting).toBe(0);
    const more = Array.from({ length: 12 }, () => bring(hub));
    for (const { seat } of more.slice(0, 3)) seat.leave("bye");
    ask(more[5]?.seat ?? bring(hub).seat, { op: "name", name: "zoe" });
    expect(ear.take()).toEqual([]);
    clock.move(999);
    expect(ear.take()).toEqual([]);
    clock.move(1);
    expect(ear.take()).toEqual([{ event: "notice", room: "#lobby", text: "12 joined, 3 left, 1 changed names" }]);
    clock.move(60_000);
    expect(ear.take()).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  test("10,000 may come and quit at once, and nothing is left", () => {
    const { hub, clock } = openHub();
    const watcher = bring(hub, { name: "watcher" });
    const people = Array.from({ length: 10_000 }, () => bring(hub));
    watcher.ear.take();
    clock.move(1_000);
    expect(watcher.ear.take()).toEqual([{ event: "notice", room: "#lobby", text: "9901 joined" }]);
    for (const { seat } of people) seat.leave("bye");
    expect(watcher.ear.events.length).toBe(100);
    clock.move(1_000);
    expect(watcher.ear.take().at(-1)).toEqual({ event: "notice", room: "#lobby", text: "9900 left" });
    watcher.seat.leave("bye");
    expect(hub.stats()).toEqual({ members: 0, rooms: 1 });
    expect(clock.waiting).toBe(0);
  });

  test("a room that empties before the sum is told leaves no timer", () => {
    const { hub, clock } = openHub();
    const people = Array.from({ length: 101 }, () => bring(hub, { room: "#dev" }));
    expect(clock.waiting).toBe(1);
    for (const { seat } of people) seat.leave("bye");
    expect(clock.waiting).toBe(0);
  });
});
