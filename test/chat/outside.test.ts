import { describe, expect, test } from "bun:test";
import type { Refusal } from "../../src/chat/command.ts";
import type { Hub } from "../../src/chat/hub.ts";
import type { Following, Post, Posted } from "../../src/chat/outside.ts";
import { ask, bring, Ear, openHub } from "./members.ts";

const WORD = { room: "#lobby", kind: "message", text: "hi", usual: null, peer: "10.0.0.5" } as const;

function post(hub: Hub, o: Partial<Post> = {}): Posted | Refusal {
  const posted = hub.outside.post({ ...WORD, ...o });
  if (posted instanceof Promise) throw new Error("it was not said at once");
  return posted;
}

function nameOf(posted: Posted | Refusal): string {
  return posted.ok ? posted.name : posted.error.code;
}

function follow(hub: Hub, room = "#lobby"): { ear: Ear; following: Following } {
  const ear = new Ear();
  const following = hub.outside.follow(room, ear);
  if (!following.ok) throw new Error(following.error.message);
  return { ear, following };
}

describe("a word from outside", () => {
  test("is heard and numbered, and nobody sees its speaker come and go", () => {
    const { hub } = openHub();
    const ann = bring(hub, { name: "ann" });
    ann.ear.take();
    expect(post(hub, { name: "bot" })).toMatchObject({ ok: true, name: "bot", seq: 1 });
    expect(post(hub, { name: "bot", kind: "action", text: "waves" })).toMatchObject({ seq: 2 });
    expect(ann.ear.take()).toMatchObject([
      { event: "message", from: "bot", text: "hi", seq: 1 },
      { event: "action", from: "bot", text: "waves", seq: 2 },
    ]);
    expect(ask(ann.seat, { op: "who", room: "#lobby" })).toMatchObject({ members: ["ann"] });
    expect(hub.stats()).toEqual({ members: 1, rooms: 1 });
  });

  test.each([
    [{ name: "ANN" }, "name-taken"],
    [{ name: "аnn" }, "bad-name"],
    [{ name: "admin" }, "name-reserved"],
    [{ name: "guest7" }, "name-reserved"],
    [{ name: "two words" }, "bad-name"],
    [{ text: "a\u001b[2J" }, "bad-text"],
    [{ text: "a\r\nb" }, "bad-text"],
    [{ text: " " }, "bad-text"],
    [{ text: "x".repeat(4_001) }, "text-too-long"],
    [{ room: "#nowhere" }, "no-such-room"],
  ] as const)("is refused as inside: %o", (o, code) => {
    const { hub } = openHub();
    const ann = bring(hub, { name: "ann" });
    ann.ear.take();
    expect(nameOf(post(hub, o))).toBe(code);
    expect(ann.ear.take()).toEqual([]);
  });

  test("may have 4000 bytes", () => {
    const { hub } = openHub();
    expect(post(hub, { text: "x".repeat(4_000) }).ok).toBe(true);
  });

  test("without a name has the same guest's for ten minutes", () => {
    const { hub, clock } = openHub();
    expect(nameOf(post(hub))).toBe("guest1");
    expect(bring(hub).seat.name).toBe("guest2");
    clock.move(10 * 60_000);
    expect(nameOf(post(hub))).toBe("guest1");
    expect(nameOf(post(hub, { peer: "10.0.0.6" }))).toBe("guest3");
    clock.move(10 * 60_000 + 1);
    expect(nameOf(post(hub))).toBe("guest4");
  });

  test("of an account has its name, or one like it when somebody has that", () => {
    const { hub } = openHub();
    expect(nameOf(post(hub, { usual: "ann" }))).toBe("ann");
    bring(hub, { name: "ann" });
    expect(nameOf(post(hub, { usual: "ann" }))).toBe("ann_");
    expect(nameOf(post(hub, { usual: "root" }))).toBe("root_");
    expect(nameOf(post(hub, { usual: "1 2" }))).toStartWith("guest");
  });

  test("waits for its turn behind a flood, and is never dropped", async () => {
    const { hub, clock } = openHub({ rate: 10, burst: 2 });
    const { ear } = follow(hub);
    const posts = ["a", "b", "c", "d"].map((text) => hub.outside.post({ ...WORD, text }));
    expect(posts.map((posted) => posted instanceof Promise)).toEqual([false, false, true, true]);
    expect(hub.outside.waitingOf(WORD.peer)).toBe(2);
    clock.move(250);
    expect(await Promise.all(posts)).toMatchObject([{ seq: 1 }, { seq: 2 }, { seq: 3 }, { seq: 4 }]);
    expect(ear.take()).toMatchObject([{ text: "a" }, { text: "b" }, { text: "c" }, { text: "d" }]);
    expect(hub.outside.waitingOf(WORD.peer)).toBe(0);
  });
});

test("a word that waits is not said when who wanted to say it has gone meanwhile", async () => {
  const { hub, clock } = openHub({ rate: 10, burst: 1 });
  const { ear } = follow(hub);
  let gone = false;
  post(hub, { text: "a" });
  const [b, c] = [hub.outside.post({ ...WORD, text: "b", gone: () => gone }), hub.outside.post({ ...WORD, text: "c" })];
  gone = true;
  clock.move(250);
  expect((await b).ok).toBe(false);
  expect(await c).toMatchObject({ seq: 2 });
  expect(ear.take()).toMatchObject([{ text: "a" }, { text: "c" }]);
});

describe("who follows a room", () => {
  test("hears what its members hear, and is none of them", () => {
    const { hub } = openHub();
    const { ear, following } = follow(hub);
    expect(following.state).toMatchObject({ room: "#lobby", seq: 0, members: 0 });
    const ann = bring(hub, { name: "ann" });
    ask(ann.seat, { op: "say", room: "#lobby", text: "hi" });
    ask(ann.seat, { op: "name", name: "anna" });
    expect(ask(ann.seat, { op: "who", room: "#lobby" })).toMatchObject({ members: ["anna"] });
    ann.seat.leave("bye");
    expect(ear.take()).toMatchObject([
      { event: "join", name: "ann" },
      { event: "message", text: "hi" },
      { event: "name", from: "ann", to: "anna" },
      { event: "quit", name: "anna" },
    ]);
    following.stop();
    bring(hub, { name: "bob" });
    expect(ear.take()).toEqual([]);
  });

  test("hears no private words and no other room", () => {
    const { hub } = openHub();
    const { ear } = follow(hub);
    const ann = bring(hub, { name: "ann" });
    ask(ann.seat, { op: "join", room: "#side" });
    ear.take();
    ask(ann.seat, { op: "tell", to: "ann", text: "psst" });
    ask(ann.seat, { op: "say", room: "#side", text: "here" });
    expect(ear.take()).toEqual([]);
  });

  test("goes on to hear a room that vanished and is opened anew", () => {
    const { hub } = openHub();
    const ann = bring(hub, { name: "ann", room: "#side" });
    const { ear, following } = follow(hub, "#SIDE");
    ask(ann.seat, { op: "part", room: "#side" });
    expect(hub.outside.follow("#side", new Ear()).ok).toBe(false);
    ask(ann.seat, { op: "join", room: "#side" });
    ask(ann.seat, { op: "say", room: "#side", text: "again" });
    expect(ear.take()).toMatchObject([{ event: "part" }, { event: "join" }, { event: "message", seq: 1 }]);
    following.stop();
    ask(ann.seat, { op: "say", room: "#side", text: "unheard" });
    expect(ear.take()).toEqual([]);
  });

  test("that fails harms nobody else", () => {
    const faults: unknown[] = [];
    const { hub } = openHub({ fault: (error) => void faults.push(error) });
    hub.outside.follow("#lobby", {
      deliver() {
        throw new Error("broken");
      },
    });
    const { ear } = follow(hub);
    post(hub);
    expect(ear.take()).toHaveLength(1);
    expect(faults).toHaveLength(1);
  });

  test("counts among those who were told", () => {
    const { hub } = openHub();
    follow(hub);
    const ann = bring(hub, { name: "ann" });
    ask(ann.seat, { op: "say", room: "#lobby", text: "hi" });
    expect(hub.told).toEqual({ events: 2, deliveries: 2 });
  });
});

test("history and rooms are read without coming in", () => {
  const { hub } = openHub();
  post(hub, { text: "a" });
  post(hub, { text: "b" });
  expect(hub.outside.history("#lobby", { limit: 1 })).toMatchObject({ ok: true, events: [{ text: "b" }], next: 2 });
  expect(hub.outside.history("#nowhere", {})).toMatchObject({ ok: false, error: { code: "no-such-room" } });
  expect(hub.outside.rooms({})).toMatchObject({ ok: true, rooms: [{ room: "#lobby", seq: 2, members: 0 }] });
});
