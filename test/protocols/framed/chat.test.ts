import { describe, expect, test } from "bun:test";
import type { Message } from "../../support/frames.ts";
import { MemoryDoor } from "./door.ts";

const time = "2026-01-02T03:04:05.678Z";

describe("what one says the others get", () => {
  const told: readonly (readonly [Message, Message])[] = [
    [
      { op: "say", room: "#LOBBY", text: "hi\nthere" },
      { event: "message", room: "#lobby", from: "ann", text: "hi\nthere", time, epoch: expect.any(String), seq: 1 },
    ],
    [
      { op: "act", room: "#lobby", text: "waves" },
      { event: "action", room: "#lobby", from: "ann", text: "waves", time, epoch: expect.any(String), seq: 1 },
    ],
    [
      { op: "topic", room: "#lobby", topic: "cats" },
      { event: "topic", room: "#lobby", from: "ann", text: "cats", time, epoch: expect.any(String), seq: 1 },
    ],
    [
      { op: "tell", to: "bob", text: "psst" },
      { event: "private", from: "ann", to: "bob", text: "psst", time },
    ],
    [
      { op: "name", name: "anna" },
      { event: "name", from: "ann", to: "anna", time },
    ],
    [
      { op: "part", room: "#lobby" },
      { event: "part", room: "#lobby", name: "ann", time },
    ],
  ];
  for (const [request, event] of told) {
    test(`${request["op"]} is ${event["event"]}, and its sender gets only the answer`, async () => {
      const door = new MemoryDoor();
      const bob = await door.chat("bob");
      const ann = await door.chat("ann");
      bob.bodies();
      const [answer, ...more] = await ann.ask({ id: 5, ...request });
      expect(answer).toMatchObject({ id: 5, ok: true });
      expect(more).toEqual([]);
      expect(bob.messages()).toEqual([event]);
    });
  }

  test("join and quit are told too, and quit says why", async () => {
    const door = new MemoryDoor();
    const bob = await door.chat("bob");
    const ann = await door.chat("ann");
    ann.conn.close({ kind: "slow", pending: 5 });
    expect(bob.messages()).toEqual([
      { event: "join", room: "#lobby", name: "ann", time },
      { event: "quit", name: "ann", reason: "connection too slow", time },
    ]);
  });

  test("all members of a form share one buffer", async () => {
    const door = new MemoryDoor();
    const bob = await door.chat("bob");
    const eve = await door.chat("eve");
    const ann = await door.chat("ann");
    for (const peer of [bob, eve]) peer.bodies();
    await ann.say({ op: "say", room: "#lobby", text: "hi" });
    expect(bob.conn.pieces).toHaveLength(1);
    expect(bob.conn.pieces[0]).toBe(eve.conn.pieces[0] ?? new Uint8Array());
  });
});

describe("answers", () => {
  test("to say and act have the number and the time of what was said", async () => {
    const ann = await new MemoryDoor().chat("ann");
    const [say] = await ann.ask({ op: "say", id: 1, room: "#lobby", text: "hi" });
    const [act] = await ann.ask({ op: "act", id: 2, room: "#lobby", text: "hi" });
    expect(say).toEqual({ id: 1, ok: true, epoch: expect.any(String), seq: 1, time });
    expect(act).toEqual({ id: 2, ok: true, epoch: say?.["epoch"], seq: 2, time });
  });

  test("to lists come in pages with next", async () => {
    const door = new MemoryDoor();
    const ann = await door.chat("ann");
    for (const name of ["bob", "cid"]) await door.chat(name);
    await ann.say(...["a", "b", "c"].map((text) => ({ op: "say", room: "#lobby", text })));
    ann.bodies();
    const [who] = await ann.ask({ op: "who", id: 1, room: "#lobby", limit: 2 });
    expect(who).toEqual({ id: 1, ok: true, members: ["ann", "bob"], next: "bob" });
    const [rest] = await ann.ask({ op: "who", id: 2, room: "#lobby", limit: 2, after: String(who?.["next"]) });
    expect(rest).toEqual({ id: 2, ok: true, members: ["cid"], next: null });
    const [rooms] = await ann.ask({ op: "rooms", id: 3, after: null });
    expect(rooms).toMatchObject({ rooms: [{ room: "#lobby", seq: 3, members: 3 }], next: null });
    const [page] = await ann.ask({ op: "history", id: 4, room: "#lobby", after: 0, limit: 2 });
    expect(page).toMatchObject({ id: 4, ok: true, events: [{ text: "a" }, { text: "b" }], next: 2, oldest: 1 });
    const [newest] = await ann.ask({ op: "history", id: 5, room: "#lobby", before: 3 });
    expect(newest).toMatchObject({ events: [{ seq: 1 }, { seq: 2 }], next: null });
  });

  test("to join, part, name, topic and ping", async () => {
    const ann = await new MemoryDoor().chat("ann");
    const [join] = await ann.ask({ op: "join", id: 1, room: "#dev" });
    expect(join).toEqual({ id: 1, ok: true, room: "#dev", epoch: expect.any(String), seq: 0, members: 1 });
    expect(await ann.ask({ op: "topic", id: 2, room: "#dev", topic: "x" })).toMatchObject([{ topic: "x", seq: 1 }]);
    expect(await ann.ask({ op: "topic", id: 3, room: "#dev" })).toEqual([{ id: 3, ok: true, topic: "x" }]);
    expect(await ann.ask({ op: "part", id: 4, room: "#dev" })).toEqual([{ id: 4, ok: true }]);
    expect(await ann.ask({ op: "name", id: 5, name: "anna" })).toEqual([{ id: 5, ok: true, name: "anna" }]);
    expect(await ann.ask({ op: "ping", id: 6 })).toEqual([{ id: 6, ok: true }]);
  });

  test("come in the order of the requests", async () => {
    const ann = await new MemoryDoor().chat("ann");
    await ann.say(...Array.from({ length: 500 }, (_, id) => ({ op: "say", id, room: "#lobby", text: `${id}` })));
    const answers = ann.messages();
    expect(answers.map(({ id }) => id)).toEqual(Array.from({ length: 500 }, (_, id) => id));
    expect(answers.map(({ seq }) => seq)).toEqual(Array.from({ length: 500 }, (_, id) => id + 1));
  });
});

describe("a chatterbox", () => {
  test("has 64 messages handled, then everybody else has a turn", async () => {
    const ann = await new MemoryDoor().chat("ann");
    const busy = ann.say(...Array.from({ length: 200 }, (_, id) => ({ op: "ping", id })));
    expect(ann.messages().length).toBeLessThanOrEqual(64);
    await busy;
  });

  test("is not read while the flood limit delays it, and nothing is lost", async () => {
    const door = new MemoryDoor({ rate: 10 });
    const bob = await door.chat("bob");
    const ann = await door.chat("ann");
    bob.bodies();
    let done = false;
    const busy = ann
      .say(...Array.from({ length: 25 }, (_, id) => ({ op: "say", id, room: "#lobby", text: `${id}` })))
      .then(() => {
        done = true;
      });
    const heard = [];
    while (!done) {
      door.clock.move(50);
      await new Promise(setImmediate);
      heard.push(...bob.messages());
    }
    await busy;
    expect(heard.map(({ text }) => text)).toEqual(Array.from({ length: 25 }, (_, id) => `${id}`));
    expect(ann.messages().map(({ id }) => id)).toEqual(Array.from({ length: 25 }, (_, id) => id));
  });

  test("that is delayed gets its answer in its place among the numbers of the room", async () => {
    const door = new MemoryDoor({ rate: 1 });
    const one = "192.0.2.1";
    const ann = await door.chat("ann", {}, one);
    const bob = await door.chat("bob", {}, one);
    const eve = await door.chat("eve");
    for (const peer of [ann, bob]) peer.bodies();
    // Their address has used up its burst by coming in: both wait, and are carried out in one turn.
    const busy = [ann, bob].map((peer, i) => peer.say({ op: "say", id: 7, room: "#lobby", text: `late ${i}` }));
    await eve.say({ op: "say", room: "#lobby", text: "early" });
    door.clock.move(5_000);
    await Promise.all(busy);
    await new Promise(setImmediate);
    expect(ann.messages().map(({ event, seq }) => [event ?? "answer", seq])).toEqual([
      ["message", 1],
      ["answer", 2],
      ["message", 3],
    ]);
    expect(bob.messages().map(({ event, seq }) => [event ?? "answer", seq])).toEqual([
      ["message", 1],
      ["message", 2],
      ["answer", 3],
    ]);
  });

  test("that is delayed still hears the others at once", async () => {
    const door = new MemoryDoor({ rate: 1 });
    const ann = await door.chat("ann");
    const eve = await door.chat("eve");
    ann.bodies();
    await ann.say({ op: "say", room: "#lobby", text: "one" });
    const busy = ann.say({ op: "say", room: "#lobby", text: "two" });
    await eve.say({ op: "say", room: "#lobby", text: "hello" });
    await new Promise(setImmediate);
    expect(ann.messages()).toMatchObject([{ event: "message", text: "hello" }]);
    ann.conn.close();
    await busy;
  });

  test("that does not read its answers is not read either", async () => {
    const door = new MemoryDoor();
    const ann = await door.chat("ann");
    ann.conn.freeze();
    const busy = ann.say({ op: "ping", id: 1 }, { op: "ping", id: 2 });
    await new Promise(setImmediate);
    expect(ann.messages()).toMatchObject([{ id: 1 }]);
    ann.conn.thaw();
    await busy;
    expect(ann.messages()).toMatchObject([{ id: 2 }]);
  });
});

describe("last words", () => {
  for (const kind of ["shutdown", "busy", "banned", "idle"] as const) {
    test(`for ${kind} are a bye with the reason`, async () => {
      const ann = await new MemoryDoor().chat("ann");
      ann.conn.end({ kind });
      expect(ann.messages()).toEqual([{ event: "bye", reason: kind, text: expect.any(String) }]);
    });
  }

  test("to somebody who is kicked have the operator's reason, and the room hears it", async () => {
    const door = new MemoryDoor();
    const ann = await door.chat("ann");
    const bob = await door.chat("bob");
    ann.messages();
    bob.conn.end({ kind: "kicked", detail: "spam" });
    const text = "the operator has ended your connection: spam";
    expect(bob.messages()).toEqual([{ event: "bye", reason: "kicked", text }]);
    bob.conn.close({ kind: "kicked", detail: "spam" });
    expect(ann.messages()).toMatchObject([{ event: "quit", name: "bob", reason: "kicked: spam" }]);
  });

  test("are not said to a peer who left by itself", async () => {
    const ann = await new MemoryDoor().chat("ann");
    ann.conn.session?.onPeerEnd?.();
    expect(ann.conn.takeBytes()).toHaveLength(0);
    expect(ann.conn.state).toBe("finishing");
  });

  test("tell nothing of what went wrong in the server", async () => {
    const ann = await new MemoryDoor().chat("ann");
    ann.conn.end({ kind: "error", error: new Error("secret") });
    const [bye] = ann.messages();
    expect(bye).toMatchObject({ event: "bye", reason: "error" });
    expect(JSON.stringify(bye)).not.toContain("secret");
  });

  test("tell a full server's reason before a session is made", () => {
    const { busy } = new MemoryDoor().protocol;
    expect(JSON.parse(Buffer.from(busy.subarray(4)).toString())).toMatchObject({ event: "bye", reason: "busy" });
    expect(Buffer.from(busy).readUInt32BE()).toBe(busy.length - 4);
  });
});
