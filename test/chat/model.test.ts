import { expect, test } from "bun:test";
import fc from "fast-check";
import type { RoomEvent } from "../../src/chat/event.ts";
import type { Hub } from "../../src/chat/hub.ts";
import { nameKeys } from "../../src/chat/names.ts";
import { ask, bring, openHub, type Person } from "./members.ts";

/** A member as the model knows it: its name, its rooms, and what it must have heard of each. */
interface Known {
  readonly person: Person;
  name: string;
  readonly rooms: Map<string, RoomEvent[]>;
  /** Rooms it has left, with what it heard there. */
  readonly past: { room: string; heard: RoomEvent[] }[];
}

interface Model {
  members: Known[];
  /** Every event of each room since it began, to be numbered from 1. */
  readonly said: Map<string, RoomEvent[]>;
}

interface Real {
  readonly hub: Hub;
}

type Step = fc.Command<Model, Real>;

const roomNames = ["#lobby", "#a", "#b"];
const names = ["ann", "Ann", "аnna", "bob", "b0b", "modern", "rnodern", "admin", "x y"];

const who = fc.nat(20);
const room = fc.constantFrom(...roomNames);
const pick = (model: Model, n: number) => model.members[n % model.members.length];

function isInside(known: Known | undefined, place: string): known is Known {
  return known?.rooms.has(place) ?? false;
}

/** A room that nobody is in any more is forgotten; the lobby is not. */
function forgetEmpty(model: Model): void {
  for (const place of model.said.keys()) {
    if (place !== "#lobby" && !model.members.some(({ rooms }) => rooms.has(place))) model.said.delete(place);
  }
}

function step(label: string, check: (model: Model) => boolean, run: (model: Model, real: Real) => void): Step {
  return { check, run, toString: () => label };
}

const enter = fc.tuple(fc.option(fc.constantFrom(...names)), room).map(([name, place]) =>
  step(
    `enter ${name} ${place}`,
    () => true,
    (model, { hub }) => {
      const asked = name === null ? {} : { name };
      const free = name === null || model.members.every((known) => !meets(known.name, name));
      try {
        const person = bring(hub, { ...asked, room: place });
        expect(free).toBeTrue();
        model.members.push({ person, name: person.seat.name, rooms: new Map([[place, []]]), past: [] });
      } catch (error) {
        if (name === null || !/is in use|is reserved|is not a name|mixes/.test(String(error))) throw error;
      }
    },
  ),
);

const leave = who.map((n) =>
  step(
    `leave ${n}`,
    (model) => model.members.length > 0,
    (model) => {
      const known = pick(model, n);
      known?.person.seat.leave("bye");
      model.members = model.members.filter((other) => other !== known);
      forgetEmpty(model);
    },
  ),
);

const join = fc.tuple(who, room).map(([n, place]) =>
  step(
    `join ${n} ${place}`,
    (model) => model.members.length > 0,
    (model) => {
      const known = pick(model, n);
      if (known === undefined) return;
      const state = ask(known.person.seat, { op: "join", room: place });
      expect(state).toMatchObject({ ok: true, seq: model.said.get(place)?.length ?? 0 });
      if (!known.rooms.has(place)) known.rooms.set(place, []);
    },
  ),
);

const part = fc.tuple(who, room).map(([n, place]) =>
  step(
    `part ${n} ${place}`,
    (model) => isInside(pick(model, n), place),
    (model) => {
      const known = pick(model, n);
      if (known === undefined) return;
      expect(ask(known.person.seat, { op: "part", room: place }).ok).toBeTrue();
      known.past.push({ room: place, heard: known.rooms.get(place) ?? [] });
      known.rooms.delete(place);
      forgetEmpty(model);
    },
  ),
);

const say = fc.tuple(who, room, fc.constantFrom("say" as const, "act" as const)).map(([n, place, op]) =>
  step(
    `${op} ${n} ${place}`,
    (model) => model.members.length > 0,
    (model) => {
      const known = pick(model, n);
      if (known === undefined) return;
      const reply = ask(known.person.seat, { op, room: place, text: "hi" });
      expect(reply.ok).toBe(known.rooms.has(place));
      if (!reply.ok) return;
      const said = model.said.get(place) ?? [];
      model.said.set(place, said);
      const { epoch, seq, time } = reply;
      const event = op === "say" ? "message" : "action";
      const numbered: RoomEvent = { event, room: place, from: known.name, text: "hi", time, epoch, seq };
      expect(seq).toBe(said.length + 1);
      expect(said.every((earlier) => earlier.epoch === epoch)).toBeTrue();
      said.push(numbered);
      for (const other of model.members) if (other !== known) other.rooms.get(place)?.push(numbered);
    },
  ),
);

const rename = fc.tuple(who, fc.constantFrom(...names)).map(([n, name]) =>
  step(
    `name ${n} ${name}`,
    (model) => model.members.length > 0,
    (model) => {
      const known = pick(model, n);
      if (known === undefined) return;
      const reply = ask(known.person.seat, { op: "name", name });
      const free = model.members.every((other) => other === known || !meets(other.name, name));
      if (reply.ok) expect(free).toBeTrue();
      if (reply.ok) known.name = reply.name;
    },
  ),
);

const takeOver = who.map((n) =>
  step(
    `take over ${n}`,
    (model) => model.members.length > 0,
    (model, { hub }) => {
      const known = pick(model, n);
      if (known === undefined) return;
      checkHeard(known);
      const person = bring(hub, { session: known.person.seat.session });
      expect(person.seat.rooms).toEqual([...known.rooms.keys()]);
      const rooms = new Map([...known.rooms.keys()].map((place) => [place, []]));
      model.members = model.members.map((other) =>
        other === known ? { person, name: known.name, rooms, past: [] } : other,
      );
    },
  ),
);

const meets = (a: string, b: string) => nameKeys(a).some((key) => nameKeys(b).includes(key));

/** Whether somebody heard all that was said in its rooms, once and in order. */
function checkHeard(known: Known): void {
  const heard = known.person.ear.events.filter((event): event is RoomEvent => "seq" in event);
  for (const place of roomNames) {
    const due = [...known.past, { room: place, heard: known.rooms.get(place) ?? [] }];
    const expected = due.filter(({ room: where }) => where === place).flatMap((stay) => stay.heard);
    expect(heard.filter((event) => event.room === place)).toEqual(expected);
  }
}

function checkAll(model: Model, { hub }: Real): void {
  const places = new Set(["#lobby", ...model.members.flatMap(({ rooms }) => [...rooms.keys()])]);
  expect(hub.stats()).toEqual({ members: model.members.length, rooms: places.size });
  for (const known of model.members) {
    expect(known.person.seat.name).toBe(known.name);
    expect(known.person.seat.rooms).toEqual([...known.rooms.keys()]);
    expect(known.person.ear.timesReplaced).toBe(0);
    checkHeard(known);
  }
  for (const [i, one] of model.members.entries()) {
    for (const other of model.members.slice(i + 1)) expect(meets(one.name, other.name)).toBeFalse();
  }
}

test("names are unique, numbers have no gaps, and everybody hears everything once and in order", () => {
  const steps = fc.commands([enter, enter, leave, join, join, part, say, say, say, rename, takeOver], {
    maxCommands: 60,
  });
  fc.assert(
    fc.property(steps, (commands) => {
      const model: Model = { members: [], said: new Map() };
      const real: Real = { hub: openHub().hub };
      fc.modelRun(() => ({ model, real }), commands);
      checkAll(model, real);
    }),
    { numRuns: 200 },
  );
});
