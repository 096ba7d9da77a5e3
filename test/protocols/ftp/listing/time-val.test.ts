import { expect, test } from "bun:test";
import fc from "fast-check";
import { formatTimeVal, parseTimeVal } from "../../../../protocols/ftp/listing/time-val.ts";

test.each([
  ["20260102030405", "2026-01-02T03:04:05Z"],
  ["20260102030405.6", "2026-01-02T03:04:05.600Z"],
  ["20260102030405.678", "2026-01-02T03:04:05.678Z"],
  ["20260102030405.6789999", "2026-01-02T03:04:05.678Z"],
  ["20240229000000", "2024-02-29T00:00:00Z"],
  ["20161231235960", "2017-01-01T00:00:00Z"],
  ["19700101000000", "1970-01-01T00:00:00Z"],
  ["00990101000000", "0099-01-01T00:00:00Z"],
  ["99991231235959", "9999-12-31T23:59:59Z"],
])("%s is %s", (text, time) => {
  expect(parseTimeVal(text)).toBe(Date.parse(time));
});

test.each([
  "",
  "2026010203040",
  "202601020304050",
  "191000102030405",
  "20260002030405",
  "20261302030405",
  "20260100030405",
  "20260132030405",
  "20260230000000",
  "20250229000000",
  "20260102240000",
  "20260102036000",
  "20260102030461",
  "20260102030405.",
  "20260102030405.x",
  "20260102030405,5",
  " 20260102030405",
  "20260102030405 ",
  "20260102030405\n",
  "-0260102030405",
  "2026０102030405",
  `20260102030405.${"1".repeat(21)}`,
])("%p is no time", (text) => {
  expect(parseTimeVal(text)).toBeNull();
});

test("every second of four-digit years is written and read", () => {
  const seconds = fc.integer({ min: Date.parse("0000-01-01T00:00:00Z") / 1000, max: 253_402_300_799 });
  fc.assert(
    fc.property(seconds, fc.nat(999), (second, ms) => {
      const text = formatTimeVal(second * 1000 + ms);
      expect(text).toMatch(/^\d{14}$/);
      expect(parseTimeVal(text)).toBe(second * 1000);
    }),
  );
});

test.each([
  [Number.NaN, "19700101000000"],
  [Number.POSITIVE_INFINITY, "99991231235959"],
  [-1e300, "00000101000000"],
  [8.64e15, "99991231235959"],
])("%p is still a time: %s", (ms, text) => {
  expect(formatTimeVal(ms)).toBe(text);
});
