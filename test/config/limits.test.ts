import { expect, test } from "bun:test";
import { checkHistory, checkLimits, connectionLimit, descriptorLimit } from "../../src/config/limits.ts";
import { load } from "../../src/config/load.ts";
import { coreOptions, serveOptions } from "../../src/config.ts";

const KIB = 1024;

function limits(flags: Record<string, string>) {
  return load(coreOptions, { flags, env: {} }).values;
}

test("the outbox must hold two frames and a chunk of 512 KiB", () => {
  const least = 2 * 1000 + 512 * KIB;
  expect(() => checkLimits(limits({ maxFrame: "1000", maxOutbox: String(least) }))).not.toThrow();
  expect(() => checkLimits(limits({ maxFrame: "1000", maxOutbox: String(least + 1) }))).not.toThrow();
  expect(() => checkLimits(limits({ maxFrame: "1000", maxOutbox: String(least - 1) }))).toThrow(
    `--max-outbox ${least - 1} is too small for --max-frame 1000; give it at least ${least}`,
  );
});

test("the defaults fit together", () => {
  expect(() => checkLimits(limits({}))).not.toThrow();
});

test("connections leave 256 descriptors for everything else", () => {
  expect(connectionLimit(10_000, 1024)).toBe(768);
  expect(connectionLimit(768, 1024)).toBe(768);
  expect(connectionLimit(767, 1024)).toBe(767);
  expect(connectionLimit(10_000, 300)).toBe(44);
  expect(connectionLimit(10_000, null)).toBe(10_000);
});

test("a table that is smaller than the reserve is halved", () => {
  expect(connectionLimit(10_000, 200)).toBe(100);
});

test("a tiny table keeps room for the refused peers that are told so", () => {
  expect(connectionLimit(10_000, 192)).toBe(96);
  expect(connectionLimit(10_000, 128)).toBe(32);
  expect(connectionLimit(10_000, 97)).toBe(1);
  expect(connectionLimit(10_000, 64)).toBe(1);
});

test("the descriptor limit is the one that this process has", async () => {
  const shell = Bun.spawnSync(["sh", "-c", "ulimit -n"]).stdout.toString().trim();
  const own = descriptorLimit();
  expect(own === null ? "unlimited" : String(own)).toBe(shell);
});

test("a frame of no bytes at all is no setting", () => {
  expect(() => checkLimits(limits({ maxFrame: "0" }))).toThrow("--max-frame 0 leaves no room");
});

test("kept history needs some room", () => {
  expect(() => checkHistory(limits({ maxHistory: "64KiB" }))).not.toThrow();
  expect(() => checkHistory(limits({ maxHistory: "65535" }))).toThrow(
    "--max-history 65535 has no room for what is said; give it at least 64KiB, or say --history off",
  );
});

test("the help of --well-known-ports lists them all, those for TLS apart", () => {
  const door = { offset: 0, summary: "", options: {} };
  const { wellKnownPorts } = serveOptions([
    { ...door, name: "web", wellKnown: 80, tls: { name: "secure", offset: 1, wellKnown: 443 } },
    { ...door, name: "echo", wellKnown: 7, tls: { name: "hush", offset: 2, wellKnown: null } },
    { ...door, name: "own", wellKnown: null },
  ]);
  expect(wellKnownPorts.help).toBe("take the ports that clients try by themselves (7, 80; for TLS 443)");
});

test("the doors of --doors are checked by name", () => {
  const kinds = ["line", "echo"].map((name, offset) => ({ name, offset, wellKnown: null, summary: "", options: {} }));
  const read = (names: string) => load(serveOptions(kinds), { flags: { doors: [names] }, env: {} }).values.doors;
  expect(read("echo")).toEqual(["echo"]);
  expect(() => read("ecko")).toThrow('--doors "ecko" is not a door; did you mean echo');
  expect(() => read("gopher")).toThrow('--doors "gopher" is not a door; there are line, echo');
});
