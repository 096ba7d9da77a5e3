import { expect, test } from "bun:test";
import { Roster } from "../../src/chat/roster.ts";

const told = (roster: Roster<object>, name: string, asker: object | null = null) => {
  const checked = roster.check(name, asker);
  return checked.ok ? checked.name : `${checked.error.code}: ${checked.error.message}`;
};

test("a name that is in use is refused with one that is free", () => {
  const roster = new Roster<object>();
  roster.add("ann", {});
  expect(told(roster, "ann")).toBe("name-taken: ann is in use; try ann_");
  expect(told(roster, "ANN")).toBe("name-taken: ANN is in use; try ANN_");
  roster.add("ann_", {});
  expect(told(roster, "ann")).toBe("name-taken: ann is in use; try ann2");
  for (let n = 2; n <= 9; n++) roster.add(`ann${n}`, {});
  expect(told(roster, "ann")).toBe("name-taken: ann is in use; choose another name");
});

test("the name that is suggested fits the limits", () => {
  const roster = new Roster<object>();
  roster.add("x".repeat(32), {});
  expect(told(roster, "x".repeat(32))).toEndWith(`try ${"x".repeat(31)}_`);
  const wide = `${"小".repeat(21)}a`;
  roster.add(wide, {});
  expect(told(roster, wide)).toEndWith(`try ${"小".repeat(21)}_`);
});

test("reserved names are refused, bad ones too", () => {
  const roster = new Roster<object>();
  expect(told(roster, "Admin")).toBe("name-reserved: Admin is reserved; choose another name");
  expect(told(roster, "guest9")).toStartWith("name-reserved");
  expect(told(roster, "1\u001b[2J")).toBe(
    String.raw`bad-name: "1\x1b[2J" is not a name; start with a letter or one of _[]{}|^`,
  );
});

test("a holder may respell its own name, and take only what is free", () => {
  const roster = new Roster<object>();
  const ann = {};
  roster.add("ann", ann);
  roster.add("bob", {});
  expect(told(roster, "Ann", ann)).toBe("Ann");
  expect(told(roster, "b0b", ann)).toStartWith("name-taken");
});

test("names are given in NFC", () => {
  expect(told(new Roster<object>(), "jose\u0301")).toBe("jos\u00e9");
});

test("every spelling finds the holder until the name is given back", () => {
  const roster = new Roster<object>();
  const irma = {};
  roster.add("Irma", irma);
  expect(roster.find("irma")).toBe(irma);
  expect(roster.find("IRMA")).toBe(irma);
  expect(told(roster, "lrma")).toStartWith("name-taken");
  roster.remove("Irma", irma);
  expect(roster.find("irma")).toBeUndefined();
  expect(told(roster, "lrma")).toBe("lrma");
});

test("what is removed by one is not taken from another", () => {
  const roster = new Roster<object>();
  const ann = {};
  roster.add("ann", ann);
  roster.remove("ann", {});
  expect(roster.find("ann")).toBe(ann);
});

test("guests get numbers that are free", () => {
  const roster = new Roster<object>();
  roster.add("guest2", {});
  expect([roster.guest(), roster.guest(), roster.guest()]).toEqual(["guest1", "guest3", "guest4"]);
  expect(roster.find("GUEST2")).toBe(roster.find("guest2"));
});
