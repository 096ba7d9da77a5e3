import { expect, test } from "bun:test";
import { Admission } from "../../src/net/admission.ts";

const FAR = "192.0.2.7";

test("the open files of an address leave room for others, and are given back", () => {
  const admission = new Admission({ maxConnections: 100, maxPerAddress: 10 });
  for (let i = 0; i < 10; i++) expect(admission.take(2, FAR)).toBe(true);
  expect(admission.take(1, FAR)).toBe(false);
  expect(admission.admit(FAR)).toBe(true);
  expect(admission.take(2, "192.0.2.8")).toBe(true);
  admission.give(2, FAR);
  expect(admission.take(2, FAR)).toBe(true);
  expect(admission.count).toBe(23);
  admission.release(FAR);
  for (let i = 0; i < 10; i++) admission.give(2, FAR);
  admission.give(2, "192.0.2.8");
  expect(admission.count).toBe(0);
});

test("all open files together are no more than the table has, and the loopback is exempt from a share of it", () => {
  const admission = new Admission({ maxConnections: 1_000, maxPerAddress: null });
  expect(admission.take(512, FAR)).toBe(true);
  expect(admission.take(1, FAR)).toBe(false);
  expect(admission.take(488, "127.0.0.1")).toBe(true);
  expect(admission.take(1, "127.0.0.1")).toBe(false);
  expect(admission.admit("192.0.2.8")).toBe(false);
});
