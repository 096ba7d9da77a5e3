import { expect, test } from "bun:test";
import { readCookie } from "../../../protocols/http/auth/cookie.ts";
import { SESSION_MS, Sessions } from "../../../protocols/http/auth/sessions.ts";
import type { Visitor } from "../../../src/accounts/visitor.ts";
import { HandClock } from "../../support/hand-clock.ts";

const ann = { account: "ann" } as unknown as Visitor;

test("a login ends twelve hours after its last use, when it is closed, and with its account", () => {
  const clock = new HandClock();
  const sessions = new Sessions(clock);
  const secret = sessions.open(ann);
  expect(secret).toMatch(/^[\w-]{22}$/);
  clock.move(SESSION_MS);
  expect(sessions.find(secret)).toBe(ann);
  clock.move(SESSION_MS);
  expect(sessions.find(secret)).toBe(ann);
  clock.move(SESSION_MS + 1);
  expect(sessions.find(secret)).toBeNull();
  expect(sessions.find(sessions.open({ ...ann, ended: true } as Visitor))).toBeNull();
  const other = sessions.open(ann);
  sessions.close(other);
  expect(sessions.find(other)).toBeNull();
  expect(sessions.find("guessed")).toBeNull();
});

test("of 10,000 logins the one that was used longest ago makes room", () => {
  const sessions = new Sessions(new HandClock());
  const all = Array.from({ length: 10_000 }, () => sessions.open(ann));
  sessions.find(all[0] ?? "");
  sessions.open(ann);
  expect(sessions.find(all[0] ?? "")).toBe(ann);
  expect(sessions.find(all[1] ?? "")).toBeNull();
});

test("the cookie is found among others, and nothing that only looks like it", () => {
  const table: readonly (readonly [field: string | undefined, expected: string | null])[] = [
    [undefined, null],
    ["tincan-session=abc", "abc"],
    ["a=b; tincan-session=abc; c=d", "abc"],
    ["a=b;tincan-session=abc", "abc"],
    ["xtincan-session=abc", null],
    ["tincan-session=", null],
    ["tincan-session=a b", null],
    [`tincan-session=${"a".repeat(65)}`, null],
  ];
  for (const [field, expected] of table) expect(readCookie(field)).toBe(expected);
});
