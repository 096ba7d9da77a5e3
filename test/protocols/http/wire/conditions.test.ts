import { describe, expect, test } from "bun:test";
import { checkConditions, isRangeWanted } from "../../../../protocols/http/wire/conditions.ts";
import { HttpError } from "../../../../protocols/http/wire/http-error.ts";

const MTIME = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const [AT, BEFORE, AFTER] = [0, -1000, 1000].map((ms) => new Date(MTIME + ms).toUTCString()) as [
  string,
  string,
  string,
];
const there = { etag: '"v1"', mtime: MTIME };
const missing = { etag: null, mtime: 0 };

function outcome(
  fields: Readonly<Record<string, string>>,
  looks = true,
  validators: typeof there | typeof missing = there,
) {
  try {
    return checkConditions((name) => fields[name], validators, looks);
  } catch (error) {
    return error instanceof HttpError ? error.status : error;
  }
}

describe("conditions, in the order of RFC 9110", () => {
  for (const [title, fields, due] of [
    ["none", {}, "send"],
    ["If-None-Match: the tag", { "if-none-match": '"v1"' }, "same"],
    ["If-None-Match: the tag, weak", { "if-none-match": 'W/"v1"' }, "same"],
    ["If-None-Match: among others", { "if-none-match": '"a", W/"b","v1"' }, "same"],
    ["If-None-Match: another one with a comma in it", { "if-none-match": "\"a,'v1'\"" }, "send"],
    ["If-None-Match: with empty elements", { "if-none-match": ', ,"v1",' }, "same"],
    ["If-None-Match: nothing but commas", { "if-none-match": ", ," }, "send"],
    ["If-None-Match: *", { "if-none-match": "*" }, "same"],
    ["If-None-Match: no list at all", { "if-none-match": "v1" }, "send"],
    ["If-None-Match wins over If-Modified-Since", { "if-none-match": '"x"', "if-modified-since": AFTER }, "send"],
    ["If-Modified-Since: its time", { "if-modified-since": AT }, "same"],
    ["If-Modified-Since: before", { "if-modified-since": BEFORE }, "send"],
    ["If-Modified-Since: no time", { "if-modified-since": "yesterday-ish" }, "send"],
    ["If-Modified-Since: a bare number", { "if-modified-since": "9999" }, "send"],
    ["If-Modified-Since: a time as ISO 8601 has it", { "if-modified-since": "2026-01-02T03:04:05Z" }, "send"],
    ["If-Modified-Since: no such time", { "if-modified-since": "Fri, 02 Jan 2026 33:04:05 GMT" }, "send"],
    ["If-Modified-Since: as RFC 850 wrote it", { "if-modified-since": "Friday, 02-Jan-26 03:04:05 GMT" }, "same"],
    ["If-Modified-Since: as asctime wrote it", { "if-modified-since": "Fri Jan  2 03:04:05 2026" }, "same"],
    ["If-Unmodified-Since: a bare number", { "if-unmodified-since": "5" }, "send"],
    ["If-Match: with an empty element", { "if-match": ', "v1"' }, "send"],
    ["If-Match: the tag", { "if-match": '"v1"' }, "send"],
    ["If-Match: the tag, weak", { "if-match": 'W/"v1"' }, 412],
    ["If-Match: another", { "if-match": '"v2"' }, 412],
    ["If-Match: *", { "if-match": "*" }, "send"],
    ["If-Match wins over If-Unmodified-Since", { "if-match": '"v1"', "if-unmodified-since": BEFORE }, "send"],
    ["If-Unmodified-Since: before", { "if-unmodified-since": BEFORE }, 412],
    ["If-Unmodified-Since: its time", { "if-unmodified-since": AT }, "send"],
    ["If-Match goes before If-None-Match", { "if-match": '"v2"', "if-none-match": '"v1"' }, 412],
  ] as const)
    test(title, () => expect(outcome(fields)).toBe(due));

  test("a change is refused where a look would be answered with 304", () => {
    expect(outcome({ "if-none-match": "*" }, false)).toBe(412);
    expect(outcome({ "if-none-match": "*" }, false, missing)).toBe("send");
    expect(outcome({ "if-match": "*" }, false, missing)).toBe(412);
    expect(outcome({ "if-modified-since": AT }, false)).toBe("send");
  });
});

describe("If-Range", () => {
  for (const [field, now, due] of [
    [undefined, 0, true],
    ['"v1"', 0, true],
    ['W/"v1"', 0, false],
    ['"v2"', 0, false],
    [AT, MTIME + 60_000, true],
    [AT, MTIME + 500, false],
    [BEFORE, MTIME + 60_000, false],
    [AFTER, MTIME + 60_000, false],
    ["nonsense", MTIME + 60_000, false],
  ] as const)
    test(`${field} at ${now === 0 ? "any time" : now - MTIME}`, () =>
      expect(isRangeWanted(field, there, now)).toBe(due));
});
