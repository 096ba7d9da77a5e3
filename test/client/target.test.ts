import { expect, test } from "bun:test";
import { clientTarget, formatTarget, unreachable } from "../../src/client/target.ts";
import { CommandError } from "../../src/exit.ts";

test("no host is this machine", () => {
  expect(clientTarget(undefined, 8400)).toEqual({ host: "127.0.0.1", port: 8400 });
});

test("a host may bring its port", () => {
  expect(clientTarget("[::1]:9", 8400)).toEqual({ host: "::1", port: 9 });
  expect(clientTarget("example.org", 8400)).toEqual({ host: "example.org", port: 8400 });
});

test("what is no host is a usage error", () => {
  expect(() => clientTarget("a:b:c", 1)).toThrow(CommandError);
});

test("a target is shown as it may be typed", () => {
  expect(formatTarget({ host: "::1", port: 9 })).toBe("[::1]:9");
  expect(formatTarget({ host: "example.org", port: 9 })).toBe("example.org:9");
});

test("the reason is told in words, and escaped where it is the system's own", () => {
  const target = { host: "127.0.0.1", port: 9 };
  const refused = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
  expect(unreachable(target, refused).message).toBe(
    'cannot reach 127.0.0.1:9: nobody listens there; start one with "tincan serve"',
  );
  expect(unreachable(target, new Error("\x1b[2J")).message).toBe('cannot reach 127.0.0.1:9: "\\x1b[2J"');
});
