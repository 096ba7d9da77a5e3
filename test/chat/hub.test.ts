import { describe, expect, test } from "bun:test";
import type { Codec, Delivery } from "../../src/chat/event.ts";
import type { RoomLog } from "../../src/chat/history.ts";
import type { Member, Seat } from "../../src/chat/member.ts";
import { MemoryLog } from "../../src/chat/memory-log.ts";
import { ask, bring, CountingCodec, Ear, openHub, outcome } from "./members.ts";

const lobby = "#lobby";

describe("entering", () => {
  test("gives a guest name and the lobby, and tells the others", () => {
    const { hub } = openHub();
    const ann = bring(hub, { name: "ann" });
    const entered = hub.enter(new Ear(), { peer: "b" });
    if (!entered.ok) throw new Error("refused");
    expect(entered.seat.name).toBe("guest1");
    expect(entered.seat.rooms).toEqual([lobby]);
    expect(entered.rooms).toMatchObject([{ room: lobby, seq: 0, members: 2 }]);
    expect(ann.ear.take()).toEqual([{ event: "join", room: lobby, name: "guest1" }]);
    expect(hub.stats()).toEqual({ members: 2, rooms: 1 });
  });

  test("into a room of one's own, which has what was said there", () => {
    const { hub } = openHub();
    const ann = bring(hub, { room: "#Dev" });
    ask(ann.seat, { op: "say", room: "#dev", text: "hi" });
    ask(ann.seat, { op: "topic", room: "#dev", topic: "work" });
    const entered = hub.enter(new Ear(), { peer: "b", room: "#DEV" });
    expect(entered).toMatchObject({ ok: true, rooms: [{ room: "#Dev", seq: 2, members: 2, topic: "work" }] });
  });

  test.each([
    [{ name: "ann" }, "name-taken"],
    [{ name: "server" }, "name-reserved"],
    [{ name: "a b" }, "bad-name"],
    [{ name: "" }, "bad-name"],
    [{ room: "dev" }, "bad-room"],
  ])("%p is refused as %p and leaves nothing behind", (entry, code) => {
    const { hub } = openHub();
    const ann = bring(hub, { name: "ann" });
    expect(outcome(hub.enter(new Ear(), { peer: "b", ...entry }))).toBe(code);
    expect(hub.stats()).toEqual({ members: 1, rooms: 1 });
    expect(ann.ear.take()).toEqual([]);
  });

  test("every seat has an id and a secret of its own", () => {
    const { hub } = openHub();
    const [ann, bob] = [bring(hub).seat, bring(hub).seat];
    expect(ann.id).not.toBe(bob.id);
    expect(ann.session).toMatch(/^[\w-]{22}$/);
    expect(ann.session).toBe(ann.session);
    expect(ann.session).not.toBe(bob.session);
  });
});

test("what the server announces is told to all in the room, and is not remembered", () => {
  const { hub } = openHub();
  const [ann, eve] = [bring(hub, { name: "ann" }), bring(hub, { name: "eve", room: "#dev" })];
  for (const { ear } of [ann, eve]) ear.take();
  hub.announce("#LOBBY", "somebody uploaded a file");
  hub.announce("#nowhere", "not heard");
  expect(ann.ear.take()).toEqual([{ event: "notice", room: lobby, text: "somebody uploaded a file" }]);
  expect(eve.ear.take()).toEqual([]);
  expect(ask(ann.seat, { op: "history", room: lobby })).toMatchObject({ events: [] });
  expect(hub.rooms).toEqual([
    { room: "#dev", members: 1 },
    { room: lobby, members: 1 },
  ]);
});

describe("talking", () => {
  test("everybody in the room hears it but who said it, who learns its number", () => {
    const { hub, clock } = openHub();
    const [ann, bob, eve] = [bring(hub, { name: "ann" }), bring(hub, { name: "bob" }), bring(hub, { room: "#dev" })];
    ann.ear.take();
    const time = new Date(clock.now()).toISOString();
    const reply = ask(ann.seat, { op: "say", room: lobby, text: "hi\nall" });
    const { epoch } = bob.ear.events[0] as { epoch: string };
    expect(reply).toEqual({ ok: true, epoch, seq: 1, time });
    expect(bob.ear.events).toEqual([
      { event: "message", room: lobby, from: "ann", text: "hi\nall", time, epoch, seq: 1 },
    ]);
    expect(ask(bob.seat, { op: "act", room: "#LOBBY", text: "waves" })).toMatchObject({ ok: true, epoch, seq: 2 });
    expect(ann.ear.take()).toMatchObject([{ event: "action", room: lobby, from: "bob", text: "waves", seq: 2 }]);
    expect(eve.ear.take()).toEqual([]);
  });

  test("with echo one hears oneself", () => {
    const { hub } = openHub();
    const ann = bring(hub, { name: "ann", echo: true });
    const bob = bring(hub, { name: "bob" });
    ann.ear.take();
    ask(ann.seat, { op: "say", room: lobby, text: "hi" });
    ask(ann.seat, { op: "tell", to: "bob", text: "psst" });
    ask(ann.seat, { op: "tell", to: "ann", text: "me" });
    expect(ann.ear.take()).toMatchObject([
      { text: "hi", seq: 1 },
      { event: "private", to: "bob" },
      { to: "ann", text: "me" },
    ]);
    expect(bob.ear.events.length).toBe(2);
  });

  test("one may tell somebody, and oneself, whatever the spelling", () => {
    const { hub } = openHub();
    const [ann, bob, eve] = [bring(hub, { name: "ann" }), bring(hub, { name: "Bob", room: "#dev" }), bring(hub)];
    ann.ear.take();
    expect(ask(ann.seat, { op: "tell", to: "BOB", text: "psst" })).toMatchObject({ ok: true });
    expect(bob.ear.take()).toEqual([{ event: "private", from: "ann", to: "Bob", text: "psst" }]);
    ask(ann.seat, { op: "tell", to: "ann", text: "note" });
    expect(ann.ear.take()).toEqual([{ event: "private", from: "ann", to: "ann", text: "note" }]);
    expect(eve.ear.take()).toEqual([]);
    expect(ask(ann.seat, { op: "tell", to: "zoe\u001b", text: "hi" })).toEqual({
      ok: false,
      error: { code: "no-such-member", message: String.raw`nobody here is called "zoe\x1b"; ask who is in the room` },
    });
  });

  test("a topic is an event with a number, and those who come in see it", () => {
    const { hub } = openHub();
    const [ann, bob] = [bring(hub, { name: "ann" }), bring(hub, { name: "bob" })];
    expect(ask(bob.seat, { op: "topic", room: lobby })).toEqual({ ok: true, topic: "" });
    expect(ask(ann.seat, { op: "topic", room: lobby, topic: "work" })).toMatchObject({
      ok: true,
      topic: "work",
      seq: 1,
    });
    expect(bob.ear.take()).toMatchObject([{ event: "topic", from: "ann", text: "work", seq: 1 }]);
    expect(ask(bob.seat, { op: "topic", room: lobby })).toEqual({ ok: true, topic: "work" });
    ask(ann.seat, { op: "topic", room: lobby, topic: "" });
    expect(bob.ear.take()).toMatchObject([{ event: "topic", text: "", seq: 2 }]);
    expect(ask(bob.seat, { op: "join", room: lobby })).not.toHaveProperty("topic");
  });

  test("a refused command changes nothing", () => {
    const { hub } = openHub();
    const [ann, bob] = [bring(hub, { name: "ann" }), bring(hub, { name: "bob", room: "#dev" })];
    const refused = (seat: Seat, command: Parameters<Seat["submit"]>[0]) => outcome(ask(seat, command));
    expect(refused(ann.seat, { op: "say", room: "#dev", text: "hi" })).toBe("not-in-room");
    expect(refused(ann.seat, { op: "act", room: "#none", text: "hi" })).toBe("not-in-room");
    expect(refused(ann.seat, { op: "say", room: lobby, text: " " })).toBe("bad-text");
    expect(refused(ann.seat, { op: "act", room: lobby, text: "x".repeat(4_001) })).toBe("text-too-long");
    expect(refused(ann.seat, { op: "tell", to: "bob", text: "\u0007" })).toBe("bad-text");
    expect(refused(ann.seat, { op: "topic", room: "#dev", topic: "x" })).toBe("not-in-room");
    expect(refused(ann.seat, { op: "topic", room: "#none" })).toBe("no-such-room");
    expect(refused(ann.seat, { op: "topic", room: lobby, topic: "x".repeat(391) })).toBe("topic-too-long");
    expect(refused(ann.seat, { op: "part", room: "#dev" })).toBe("not-in-room");
    expect(refused(ann.seat, { op: "history", room: "#dev" })).toBe("not-in-room");
    expect(refused(ann.seat, { op: "who", room: "#none" })).toBe("no-such-room");
    expect(refused(ann.seat, { op: "join", room: "#a b" })).toBe("bad-room");
    expect(refused(ann.seat, { op: "name", name: "bob" })).toBe("name-taken");
    expect(bob.ear.take()).toEqual([]);
    expect(ask(bob.seat, { op: "join", room: "#dev" })).toMatchObject({ seq: 0, members: 1 });
  });
});

describe("rooms", () => {
  test("are one in every case, and keep their first spelling", () => {
    const { hub } = openHub();
    const [ann, bob] = [bring(hub, { name: "ann" }), bring(hub, { name: "bob" })];
    ask(ann.seat, { op: "join", room: "#Dév" });
    expect(ask(bob.seat, { op: "join", room: "#DE\u0301V" })).toMatchObject({ room: "#Dév", members: 2 });
    expect(ask(bob.seat, { op: "join", room: "#dév" })).toMatchObject({ room: "#Dév", members: 2 });
    expect(bob.seat.rooms).toEqual([lobby, "#Dév"]);
    expect(ask(bob.seat, { op: "part", room: "#DÉV" })).toEqual({ ok: true });
    expect(bob.seat.rooms).toEqual([lobby]);
  });

  test("vanish when they are empty and begin anew; the lobby stays", () => {
    const { hub } = openHub();
    const { seat } = bring(hub, { room: "#dev" });
    ask(seat, { op: "say", room: "#dev", text: "hi" });
    const before = ask(seat, { op: "join", room: "#dev" });
    ask(seat, { op: "join", room: lobby });
    ask(seat, { op: "say", room: lobby, text: "hi" });
    ask(seat, { op: "part", room: "#dev" });
    ask(seat, { op: "part", room: lobby });
    expect(hub.stats()).toEqual({ members: 1, rooms: 1 });
    const after = ask(seat, { op: "join", room: "#dev" });
    expect(after).toMatchObject({ seq: 0 });
    expect("epoch" in after && "epoch" in before && after.epoch !== before.epoch).toBeTrue();
    expect(ask(seat, { op: "join", room: lobby })).toMatchObject({ seq: 1 });
  });

  test("a member may be in 64", () => {
    const { hub } = openHub();
    const { seat } = bring(hub);
    for (let n = 2; n <= 64; n++) expect(ask(seat, { op: "join", room: `#${n}` }).ok).toBeTrue();
    expect(outcome(ask(seat, { op: "join", room: "#65" }))).toBe("too-many-rooms");
    expect(outcome(ask(seat, { op: "join", room: "#64" }))).toBe("ok");
    ask(seat, { op: "part", room: lobby });
    expect(outcome(ask(seat, { op: "join", room: "#65" }))).toBe("ok");
  });

  test("there may be 256", () => {
    const { hub } = openHub();
    for (let n = 2; n <= 256; n++) bring(hub, { room: `#${n}` });
    expect(hub.stats().rooms).toBe(256);
    expect(outcome(hub.enter(new Ear(), { peer: "a", room: "#257" }))).toBe("too-many-rooms");
    const { seat } = bring(hub, { room: "#256" });
    expect(outcome(ask(seat, { op: "join", room: "#257" }))).toBe("too-many-rooms");
    expect(outcome(ask(seat, { op: "join", room: "#255" }))).toBe("ok");
  });
});

describe("leaving", () => {
  test("gives up the name and ends the seat, and may be said twice", () => {
    const { hub } = openHub();
    const [ann, bob] = [bring(hub, { name: "ann" }), bring(hub, { name: "bob" })];
    ann.seat.leave("bye");
    ann.seat.leave("again");
    expect(bob.ear.take()).toEqual([{ event: "quit", name: "ann", reason: "bye" }]);
    expect(outcome(ask(ann.seat, { op: "say", room: lobby, text: "hi" }))).toBe("denied");
    expect(ann.seat.rooms).toEqual([]);
    expect(bring(hub, { name: "ann" }).seat.name).toBe("ann");
    expect(hub.stats()).toEqual({ members: 2, rooms: 1 });
  });

  test.each(["a\u001b[2J", "x".repeat(391), "\ud800"])("a reason that nobody could say is not told: %p", (why) => {
    const { hub } = openHub();
    const [ann, bob] = [bring(hub, { name: "ann" }), bring(hub)];
    ann.seat.leave(why);
    expect(bob.ear.take()).toEqual([{ event: "quit", name: "ann", reason: "left" }]);
  });
});

describe("delivering", () => {
  test("one event and one buffer for each codec, however many hear it", () => {
    const { hub } = openHub();
    const codecs = [new CountingCodec(), new CountingCodec(), new CountingCodec()];
    const heard: { d: Delivery; bytes: Uint8Array; codec: Codec }[] = [];
    for (let n = 0; n < 30; n++) {
      const codec = codecs[n % 3] ?? new CountingCodec();
      const deliver = (d: Delivery) =>
        void (d.event.event === "message" && heard.push({ d, bytes: d.as(codec), codec }));
      hub.enter({ deliver, replaced() {} }, { peer: "a" });
    }
    ask(bring(hub).seat, { op: "say", room: lobby, text: "hi" });
    expect(heard.length).toBe(30);
    expect(new Set(heard.map(({ d }) => d)).size).toBe(1);
    expect(new Set(heard.map(({ bytes }) => bytes)).size).toBe(3);
    expect(codecs.map(({ encoded }) => encoded)).toEqual([1, 1, 1]);
    for (const { d, bytes, codec } of heard) expect(d.as(codec)).toBe(bytes);
  });

  test("a member that throws hurts nobody else", () => {
    const faults: unknown[] = [];
    const { hub } = openHub({ fault: (error) => faults.push(error) });
    const ears: Ear[] = [];
    const error = new Error("broken member");
    const broken: Member = {
      deliver() {
        throw error;
      },
      replaced() {},
    };
    for (let n = 0; n < 10; n++) {
      ears.push(bring(hub).ear);
      hub.enter(broken, { peer: "b" });
    }
    faults.length = 0;
    for (const ear of ears) ear.take();
    ask(bring(hub, { room: "#dev" }).seat, { op: "join", room: lobby });
    expect(faults).toEqual(Array.from({ length: 10 }, () => error));
    for (const ear of ears) expect(ear.take()).toMatchObject([{ event: "join" }]);
  });

  test("who leaves or speaks while being told something does so after all have heard it", () => {
    const { hub } = openHub();
    const first = bring(hub, { name: "first" });
    const seats: Seat[] = [];
    const quitter: Member = {
      deliver: () => {
        seats[0]?.submit({ op: "say", room: lobby, text: "famous last words" });
        seats[0]?.leave("slow");
        seats[1]?.leave("killed too");
      },
      replaced() {},
    };
    const entered = hub.enter(quitter, { peer: "q", name: "quitter", room: "#dev" });
    if (!entered.ok) throw new Error("refused");
    ask(entered.seat, { op: "join", room: lobby });
    const [ann, bob] = [bring(hub, { name: "ann", room: "#x" }), bring(hub, { name: "bob", room: "#x" })];
    for (const { seat } of [ann, bob]) ask(seat, { op: "join", room: lobby });
    seats.push(entered.seat, first.seat);
    for (const { ear } of [first, ann, bob]) ear.take();
    ask(ann.seat, { op: "say", room: lobby, text: "hi" });
    expect(bob.ear.said().map((line) => line.replace(/ \w{6} (\d+)$/, " $1"))).toEqual([
      "message #lobby ann hi 1",
      "message #lobby quitter famous last words 2",
      "quit quitter slow",
      "quit first killed too",
    ]);
    expect(ann.ear.said().length).toBe(3);
    expect(first.ear.said().length).toBe(1);
  });

  test("who comes in hears nothing before, not even of one who dies of being told", () => {
    const { hub } = openHub();
    const seats: Seat[] = [];
    const frail: Member = { deliver: () => seats[0]?.leave("slow"), replaced() {} };
    const entered = hub.enter(frail, { peer: "f" });
    if (entered.ok) seats.push(entered.seat);
    const late = new Ear();
    expect(hub.enter(late, { peer: "l" })).toMatchObject({ ok: true, rooms: [{ members: 1 }] });
    expect(late.take()).toEqual([]);
  });

  test("a log that fails refuses the command and is told", async () => {
    const faults: unknown[] = [];
    const broken: RoomLog = new MemoryLog();
    broken.append = () => {
      throw new Error("disk full");
    };
    broken.read = () => Promise.reject(new Error("unreadable"));
    const { hub } = openHub({ log: broken, fault: (error) => faults.push(error) });
    const { seat } = bring(hub);
    expect(outcome(ask(seat, { op: "say", room: lobby, text: "hi" }))).toBe("denied");
    expect(outcome(await seat.submit({ op: "history", room: lobby }))).toBe("denied");
    expect(faults).toMatchObject([{ message: "disk full" }, { message: "unreadable" }]);
  });
});
