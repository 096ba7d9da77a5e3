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
  telnetsPort: null,
};

function ports(settings: Partial<WhereSettings>): unknown {
  return whereOf(door, { ...defaults, ...settings }, false)?.plain.map((spec) =>
    "unix" in spec ? spec.unix : spec.port,
  );
}

function choice(written: string) {
  return port("", 0).parse(written);
}

test("a door listens on every host with the base port plus its own number", () => {
  expect(whereOf(door, defaults, false)?.plain).toEqual([
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
  const where = whereOf({ ...door, wellKnown: null }, { ...defaults, wellKnownPorts: true }, false);
  expect(where?.plain[0]).toMatchObject({ port: 8423 });
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

const secure = { ...door, tls: { name: "telnets", offset: 992, wellKnown: 992 } };

test("with a certificate there is a port for TLS too, which stays when the plain one is off", () => {
  expect(whereOf(secure, { ...defaults, host: ["127.0.0.1"] }, true)).toEqual({
    plain: [{ host: "127.0.0.1", port: 8423 }],
    tls: [{ host: "127.0.0.1", port: 9392 }],
  });
  const tlsAlone = whereOf(secure, { ...defaults, host: ["::1"], linePort: choice("off") }, true);
  expect(tlsAlone).toEqual({ plain: [], tls: [{ host: "::1", port: 9392 }] });
});

test("without a certificate there is none, and to ask for one is an error", () => {
  expect(whereOf(secure, defaults, false)?.tls).toEqual([]);
  expect(() => whereOf(secure, { ...defaults, telnetsPort: choice("9000") }, false)).toThrow(
    "--telnets-port needs a certificate; give --tls-cert and --tls-key, or --tls-self-signed",
  );
});
