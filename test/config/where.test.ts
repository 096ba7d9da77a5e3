import { expect, test } from "bun:test";
import { port } from "../../src/config/port.ts";
import { type WhereSettings, whereOf } from "../../src/where.ts";

const door = { name: "line", offset: 23, wellKnown: 23 };
const defaults: WhereSettings = {
  host: ["127.0.0.1", "::1"],
  basePort: 8400,
  wellKnownPorts: false,
  doors: ["line", "echo"],
  linePort: null,
};

function ports(settings: Partial<WhereSettings>): unknown {
  return whereOf(door, { ...defaults, ...settings })?.map((spec) => ("unix" in spec ? spec.unix : spec.port));
}

function choice(written: string) {
  return port("", 0).parse(written);
}

test("a door listens on every host with the base port plus its own number", () => {
  expect(whereOf(door, defaults)).toEqual([
    { host: "127.0.0.1", port: 8423 },
    { host: "::1", port: 8423 },
  ]);
  expect(ports({ basePort: 9000 })).toEqual([9023, 9023]);
});

test("--base-port 0 is any free port for every door", () => {
  expect(ports({ basePort: 0 })).toEqual([0, 0]);
});

test("--well-known-ports takes the real port, where there is one", () => {
  expect(ports({ wellKnownPorts: true })).toEqual([23, 23]);
  expect(whereOf({ ...door, wellKnown: null }, { ...defaults, wellKnownPorts: true })?.[0]).toMatchObject({
    port: 8423,
  });
});

test("a door's own port wins over both", () => {
  expect(ports({ wellKnownPorts: true, basePort: 9000, linePort: choice("2323") })).toEqual([2323, 2323]);
  expect(ports({ linePort: choice("0") })).toEqual([0, 0]);
  expect(ports({ linePort: choice("unix:/run/line.sock") })).toEqual(["/run/line.sock"]);
});

test("a door that is off or not named does not open", () => {
  expect(ports({ linePort: choice("off") })).toBeUndefined();
  expect(ports({ doors: ["echo"] })).toBeUndefined();
});

test("the last base port that leaves room, and the first that does not", () => {
  expect(ports({ basePort: 65_535 - 23 })).toEqual([65_535, 65_535]);
  expect(() => ports({ basePort: 65_535 - 22 })).toThrow(
    "--base-port 65513 leaves no port for the line door (65536); give at most 65512",
  );
});

test.each(["", "65536", "-1", "http", "unix:", "8423x"])("%p is no port", (written) => {
  expect(() => choice(written)).toThrow(`"${written}" is not a port; give 0 to 65535, off or unix:PATH`);
});
