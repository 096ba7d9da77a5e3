import { expect, test } from "bun:test";
import { FailedLogins } from "../../src/accounts/failed-logins.ts";
import { HandClock } from "../support/hand-clock.ts";

test("each failure waits twice as long, up to ten seconds", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 100].map(FailedLogins.delayMs)).toEqual([
    500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000,
  ]);
});

test("failures count for an hour, and those of an account that was entered are forgiven", () => {
  const clock = new HandClock();
  const failed = new FailedLogins(clock);
  expect([failed.add("a", "ann"), failed.add("a", "bob"), failed.add("b", "ann")]).toEqual([1, 2, 1]);
  clock.move(1_800_000);
  expect(failed.add("a", "ann")).toBe(3);
  failed.forgive("a", "ann");
  expect(failed.add("a", "carl")).toBe(2);
  clock.move(1_800_001);
  expect(failed.add("a", "carl")).toBe(2);
  failed.forget("a");
  expect(failed.add("a", "carl")).toBe(1);
});

test("the table has a fixed size, and who failed last stays in it", () => {
  const failed = new FailedLogins(new HandClock(), 3);
  for (const address of ["a", "b", "c"]) failed.add(address, "x");
  failed.add("a", "x");
  failed.add("d", "x");
  expect(failed.addresses).toBe(3);
  expect(failed.add("a", "x")).toBe(3);
  expect(failed.add("b", "x")).toBe(1);
});
