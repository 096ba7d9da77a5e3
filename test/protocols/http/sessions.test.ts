import { expect, test } from "bun:test";
import { cookieName, loginCookie, readCookie, type Way } from "../../../protocols/http/auth/cookie.ts";
import { Sessions } from "../../../protocols/http/auth/sessions.ts";
import { LOGIN_MS } from "../../../src/accounts/gate.ts";
import type { Visitor } from "../../../src/accounts/visitor.ts";
import { peer } from "../../accounts/accounts.ts";
import { HandClock } from "../../support/hand-clock.ts";

const way = (family: "ipv4" | "unix", port: number, encrypted: boolean): Way => ({
  conn: { local: { family, host: "", port } },
  peer: { encrypted },
});
const clear = way("ipv4", 8480, false);
const tls = way("ipv4", 8480, true);
const other = way("ipv4", 8481, false);
const unix = way("unix", 0, false);
const ann = { account: "ann" } as unknown as Visitor;

test("a login ends twelve hours after its last use, when it is closed, and with its account", () => {
  const clock = new HandClock();
  const sessions = new Sessions(clock);
  const secret = sessions.open(ann);
  expect(secret).toMatch(/^[\w-]{22}$/);
  clock.move(LOGIN_MS);
  expect(sessions.find(secret, peer())).toBe(ann);
  clock.move(LOGIN_MS);
  expect(sessions.find(secret, peer())).toBe(ann);
  clock.move(LOGIN_MS + 1);
  expect(sessions.find(secret, peer())).toBeNull();
  expect(sessions.find(sessions.open({ ...ann, ended: true } as Visitor), peer())).toBeNull();
  const other = sessions.open(ann);
  sessions.close(other);
  expect(sessions.find(other, peer())).toBeNull();
  expect(sessions.find("guessed", peer())).toBeNull();
});

test("of 10,000 logins the one that was used longest ago makes room", () => {
  const sessions = new Sessions(new HandClock());
  const all = Array.from({ length: 10_000 }, () => sessions.open(ann));
  sessions.find(all[0] ?? "", peer());
  sessions.open(ann);
  expect(sessions.find(all[0] ?? "", peer())).toBe(ann);
  expect(sessions.find(all[1] ?? "", peer())).toBeNull();
});

test("the cookie is found among others, and nothing that only looks like it", () => {
  const table: readonly (readonly [field: string | undefined, expected: string | null])[] = [
    [undefined, null],
    ["tincan-session-8480=abc", "abc"],
    ["a=b; tincan-session-8480=abc; c=d", "abc"],
    ["a=b;tincan-session-8480=abc", "abc"],
    ["tincan-session-8480=near; tincan-session-8480=far", "near"],
    ["xtincan-session-8480=abc", null],
    ["tincan-session=abc", null],
    ["tincan-session-8481=abc", null],
    ["tincan-session-8480-tls=abc", null],
    ["tincan-session-8480=", null],
    ["tincan-session-8480=a b", null],
    [`tincan-session-8480=${"a".repeat(65)}`, null],
  ];
  for (const [field, expected] of table) expect(readCookie(field, clear)).toBe(expected);
});

test("a login in the clear and one over TLS, and those of two ports, have cookies of their own", () => {
  const names = [clear, tls, other, unix].map(cookieName);
  expect(names).toEqual(["tincan-session-8480", "tincan-session-8480-tls", "tincan-session-8481", "tincan-session"]);
  expect(loginCookie("abc", tls, "/")).toEndWith("; Secure");
  expect(loginCookie("abc", clear, "/")).not.toContain("Secure");
  expect(readCookie("tincan-session-8480=a; tincan-session-8480-tls=b", tls)).toBe("b");
});
