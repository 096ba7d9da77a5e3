import { expect, test } from "bun:test";
import { Turnstile } from "../../src/accounts/turnstile.ts";

test("so many pass at a time in the order they came, and what is too many is refused", async () => {
  const turnstile = new Turnstile(2, 2);
  const doors = Array.from({ length: 4 }, () => Promise.withResolvers<number>());
  const begun: number[] = [];
  const passes = doors.map(({ promise }, at) =>
    turnstile.pass(() => {
      begun.push(at);
      return promise;
    }),
  );
  expect(await turnstile.pass(() => Promise.resolve(9))).toBeNull();
  expect(begun).toEqual([0, 1]);
  doors[1]?.resolve(1);
  expect(await passes[1]).toBe(1);
  await Promise.resolve();
  expect(begun).toEqual([0, 1, 2]);
  doors[0]?.reject(new Error("oops"));
  await expect(passes[0]).rejects.toThrow("oops");
  await Promise.resolve();
  expect(begun).toEqual([0, 1, 2, 3]);
  doors[2]?.resolve(2);
  doors[3]?.resolve(3);
  expect(await Promise.all([passes[2], passes[3]])).toEqual([2, 3]);
  expect(turnstile.idle).toBe(true);
});
