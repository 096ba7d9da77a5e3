import { expect, test } from "bun:test";
import { ask, bring, Ear, openHub, outcome } from "./members.ts";

test("who shows the session gets name and rooms, and nobody else sees it", () => {
  const { hub } = openHub();
  const [ann, bob] = [bring(hub, { name: "ann" }), bring(hub, { name: "bob" })];
  ask(ann.seat, { op: "join", room: "#dev" });
  ask(bob.seat, { op: "join", room: "#dev" });
  ask(bob.seat, { op: "say", room: "#dev", text: "hi" });
  for (const { ear } of [ann, bob]) ear.take();
  const { session } = ann.seat;

  const ear = new Ear();
  const entered = hub.enter(ear, { peer: "z", name: "other", room: "#other", session });
  if (!entered.ok) throw new Error("refused");
  expect(entered.seat.name).toBe("ann");
  expect(entered.seat.session).toBe(session);
  expect(entered.rooms).toMatchObject([
    { room: "#lobby", members: 2 },
    { room: "#dev", members: 2, seq: 1 },
  ]);
  expect(ann.ear.timesReplaced).toBe(1);
  expect(bob.ear.take()).toEqual([]);
  expect(hub.stats()).toEqual({ members: 2, rooms: 2 });

  ask(bob.seat, { op: "say", room: "#dev", text: "still there" });
  ask(bob.seat, { op: "tell", to: "ann", text: "psst" });
  expect(ear.take()).toMatchObject([{ text: "still there", seq: 2 }, { text: "psst" }]);
  expect(ann.ear.take()).toEqual([]);

  expect(outcome(ask(ann.seat, { op: "say", room: "#dev", text: "I am ann" }))).toBe("denied");
  ann.seat.leave("late");
  expect(bob.ear.take()).toEqual([]);
  expect(ask(entered.seat, { op: "who", room: "#dev" })).toMatchObject({ members: ["ann", "bob"] });
  entered.seat.leave("bye");
  expect(bob.ear.take()).toEqual([{ event: "quit", name: "ann", reason: "bye" }]);
});

test("a seat may be taken over again and again", () => {
  const { hub } = openHub();
  let last = bring(hub, { name: "ann" });
  const { session } = last.seat;
  for (let n = 0; n < 5; n++) {
    const next = bring(hub, { session });
    expect(last.ear.timesReplaced).toBe(1);
    last = next;
  }
  expect(last.seat.name).toBe("ann");
  expect(hub.stats().members).toBe(1);
});

test("an unknown session is ignored, and so is that of a seat that left", () => {
  const { hub } = openHub();
  const ann = bring(hub, { name: "ann" });
  const { session } = ann.seat;
  ann.seat.leave("bye");
  expect(ann.seat.session).toBe("");
  for (const token of ["nonsense", "", session]) {
    const again = bring(hub, { session: token, name: "ann" });
    expect(outcome(hub.enter(new Ear(), { peer: "a", session: token, name: "ann" }))).toBe("name-taken");
    again.seat.leave("bye");
  }
  expect(hub.stats().members).toBe(0);
});

test("a guest that comes back with its session has its name again, unless it is gone or taken", () => {
  const { hub, clock } = openHub();
  const leave = () => {
    const guest = bring(hub);
    const { name, session } = guest.seat;
    guest.seat.leave("bye");
    return { name, session };
  };
  const first = leave();
  expect(bring(hub).seat.name).not.toBe(first.name);
  const back = bring(hub, { session: first.session });
  expect(back.seat.name).toBe(first.name);
  // It counts once, and for no chosen name.
  expect(bring(hub, { session: first.session }).seat.name).not.toBe(first.name);
  expect(bring(hub, { session: leave().session, name: "ann" }).seat.name).toBe("ann");
  const late = leave();
  clock.move(10 * 60_000 + 1);
  expect(bring(hub, { session: late.session }).seat.name).not.toBe(late.name);
});

test("what the old connection has waiting is refused, and a member that throws then changes nothing", async () => {
  const faults: unknown[] = [];
  const { hub, clock } = openHub({ rate: 10, burst: 1, fault: (error) => faults.push(error) });
  const broken = {
    deliver() {},
    replaced() {
      throw new Error("broken member");
    },
  };
  const entered = hub.enter(broken, { peer: "a", name: "ann" });
  if (!entered.ok) throw new Error("refused");
  const late = entered.seat.submit({ op: "say", room: "#lobby", text: "from the grave" });
  const next = bring(hub, { peer: "b", session: entered.seat.session });
  expect(outcome(await late)).toBe("denied");
  expect(faults).toMatchObject([{ message: "broken member" }]);
  expect(next.seat.name).toBe("ann");
  clock.move(60_000);
  expect(clock.waiting).toBe(0);
});
