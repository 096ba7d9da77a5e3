import { expect, test } from "bun:test";
import { formatLeft, formatPercent, formatSpan } from "../../src/bytes/amounts.ts";

test("a span of time is what a clock shows", () => {
  expect([0, 7.4, 750, 3723, 86_400, 259_200].map(formatSpan)).toEqual([
    "0:00",
    "0:07",
    "12:30",
    "1:02:03",
    "24:00:00",
    "3 days",
  ]);
});

test("100 % is all of it, and nothing of nothing is all", () => {
  expect([formatPercent(999_999, 1_000_000), formatPercent(714, 1000), formatPercent(0, 0)]).toEqual([
    "99.9 %",
    "71.4 %",
    "100.0 %",
  ]);
});

test("what is left is told in a unit of which there are two at least", () => {
  expect([0, 44.6, 119, 120, 5_400, 7_199, 7_199.9, 172_800, 2 * 365 * 86_400].map(formatLeft)).toEqual([
    "1 s",
    "45 s",
    "119 s",
    "2 min",
    "90 min",
    "120 min",
    "2 h",
    "2 d",
    "2 y",
  ]);
});
