import { expect, test } from "bun:test";
import {
  choice,
  count,
  duration,
  flag,
  formatDuration,
  formatSize,
  list,
  OptionError,
  optional,
  silence,
  size,
  text,
} from "../../src/config/option.ts";

const MIB = 1024 * 1024;

test.each([
  ["0", 0],
  ["1", 1],
  ["65536", 65_536],
  ["64KiB", 65_536],
  ["64k", 65_536],
  ["64 kib", 65_536],
  ["1.5MiB", 1.5 * MIB],
  ["1GiB", 1024 * MIB],
  ["1kB", 1000],
  ["2MB", 2_000_000],
  ["1G", 1024 * MIB],
])("a size %p is %p bytes", (written, bytes) => {
  expect(size("", 0).parse(written)).toBe(bytes);
});

test.each(["", "12x", "-1", "1e3", "MiB", "1 2", "0x10", "9007199254740993", "1KiB2"])("%p is no size", (written) => {
  expect(() => size("", 0).parse(written)).toThrow(new OptionError(`"${written}" is not a size; try 64KiB or 1MiB`));
});

test.each([
  ["10", 10_000],
  ["10s", 10_000],
  ["500ms", 500],
  ["1.5s", 1500],
  ["10m", 600_000],
  ["2h", 7_200_000],
  ["0", 0],
])("a time %p is %p ms", (written, ms) => {
  expect(duration("", 0).parse(written)).toBe(ms);
});

test("who may be silent for 0 seconds may be for ever", () => {
  const option = silence("what", 60_000);
  expect([option.parse("0"), option.parse("0.2s")]).toEqual([Number.POSITIVE_INFINITY, 200]);
  expect([Number.POSITIVE_INFINITY, 60_000].map((ms) => option.show?.(ms))).toEqual(["0", "1m"]);
  expect(option.help).toBe("what; 0: for ever");
});

test("what is no time is refused with examples", () => {
  expect(() => duration("", 0).parse("soon")).toThrow('"soon" is not a time; try 500ms, 10s or 10m');
});

test("sizes and times are shown as people write them", () => {
  expect([0, 1, 1024, 65_537, 4 * MIB, 1024 * MIB].map(formatSize)).toEqual([
    "0",
    "1",
    "1KiB",
    "65537",
    "4MiB",
    "1GiB",
  ]);
  expect([0, 5, 1000, 90_000, 600_000, 3_600_000].map(formatDuration)).toEqual(["0", "5ms", "1s", "90s", "10m", "1h"]);
});

test("a count keeps its bounds, both included", () => {
  const option = count("", 5, { min: 2, max: 9 });
  expect(["2", "9"].map((written) => option.parse(written))).toEqual([2, 9]);
  for (const wrong of ["1", "10", "", "x", "2.5", "-3", "+3"]) {
    expect(() => option.parse(wrong)).toThrow(`"${wrong}" is not a whole number from 2 to 9`);
  }
  expect(() => count("", 0).parse("-1")).toThrow('"-1" is not a whole number from 0');
});

test("a flag is a word in the environment and the file", () => {
  expect(["true", "1", "YES", "on"].map((word) => flag("").parse(word))).toEqual([true, true, true, true]);
  expect(["false", "0", "no", "off", ""].map((word) => flag("").parse(word))).toEqual(Array(5).fill(false));
  expect(() => flag("").parse("maybe")).toThrow('"maybe" is not a switch');
});

test("a choice names what there is", () => {
  const option = choice("", ["text", "json"], "text");
  expect(option.parse("json")).toBe("json");
  expect(() => option.parse("xml")).toThrow('"xml" is not one of text, json');
});

test("a list is split at commas, and empty words vanish", () => {
  expect(list("", []).parse("a, b,,c")).toEqual(["a", "b", "c"]);
  expect(list("", []).parse("")).toEqual([]);
});

test("an optional option reads like the other and is null when not given", () => {
  const option = optional(size("", 7), "as large as it gets");
  expect(option.default).toBeNull();
  expect(option.parse("1k")).toBe(1024);
  expect(option.show?.(null)).toBe("as large as it gets");
});

test("a refused value is escaped, whatever it holds", () => {
  expect(() => size("", 0).parse("\x1b[2J")).toThrow('"\\x1b[2J" is not a size');
  expect(text("", null).parse("\x1b[2J")).toBe("\x1b[2J");
});
