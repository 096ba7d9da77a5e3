import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readRanges } from "../../../../protocols/http/files/range.ts";
import { HttpError } from "../../../../protocols/http/wire/http-error.ts";

/** `0-3 5-9`; "whole"; or the status of a refusal. */
function shown(field: string, size: number): string {
  try {
    const ranges = readRanges(field, size);
    return ranges === null ? "whole" : ranges.map(({ first, last }) => `${first}-${last}`).join(" ");
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return `${error.status} ${error.fields["Content-Range"]}`;
  }
}

const REFUSED = "416 bytes */10";

describe("Range, of 10 bytes", () => {
  for (const [field, due] of [
    ["bytes=0-3", "0-3"],
    ["bytes=0-", "0-9"],
    ["bytes=9-", "9-9"],
    ["bytes=0-99", "0-9"],
    ["bytes=-3", "7-9"],
    ["bytes=-99", "0-9"],
    ["BYTES= 1-2", "1-2"],
    ["bytes=0-1, 5-6", "0-1 5-6"],
    ["bytes=5-6,0-1", "5-6 0-1"],
    ["bytes=0-5,3-9", "0-9"],
    ["bytes=0-3,4-6", "0-6"],
    ["bytes=3-9,0-5", "0-9"],
    ["bytes=0-1,99-", "0-1"],
    ["lines=0-3", "whole"],
    ["bytes", "whole"],
    ["bytes=10-", REFUSED],
    ["bytes=-0", REFUSED],
    ["bytes=", REFUSED],
    ["bytes=-", REFUSED],
    ["bytes=3-2", REFUSED],
    ["bytes=a-b", REFUSED],
    ["bytes=0-3,", "0-3"],
    ["bytes=, ,0-3", "0-3"],
    ["bytes=,", REFUSED],
    ["bytes=0-99999999999999999999", "0-9"],
    ["bytes=-99999999999999999999", "0-9"],
    [`bytes=4-${"9".repeat(400)}`, "4-9"],
    ["bytes=0--1", REFUSED],
    ["bytes=0x1-3", REFUSED],
    ["bytes=1e3-", REFUSED],
    ["bytes=9007199254740993-9007199254740999", REFUSED],
    ["bytes=99999999999999999999-", REFUSED],
    ["bytes=0-0,2-2,4-4,6-6,8-8,0-0,2-2,4-4,6-6", REFUSED],
    [`bytes=${"0-,".repeat(3000)}0-`, REFUSED],
  ] as const)
    test(field.slice(0, 60), () => expect(shown(field, 10)).toBe(due));

  test("of nothing has nothing", () => {
    for (const field of ["bytes=0-", "bytes=-1", "bytes=0-0"]) expect(shown(field, 0)).toBe("416 bytes */0");
  });
});

test("whatever is asked for, no byte is sent twice, and none that is not there", () => {
  const spec = fc.oneof(
    fc.tuple(fc.nat(60), fc.nat(60)).map(([a, b]) => `${a}-${b}`),
    fc.nat(60).map((a) => `${a}-`),
    fc.nat(60).map((a) => `-${a}`),
  );
  fc.assert(
    fc.property(fc.array(spec, { minLength: 1, maxLength: 10 }), fc.nat(50), (specs, size) => {
      let ranges: ReturnType<typeof readRanges> = [];
      try {
        ranges = readRanges(`bytes=${specs.join(",")}`, size);
      } catch (error) {
        expect(error).toBeInstanceOf(HttpError);
      }
      const seen = new Set<number>();
      for (const { first, last } of ranges ?? []) {
        expect(first).toBeLessThanOrEqual(last);
        for (let at = first; at <= last; at++) {
          expect(at < size && !seen.has(at)).toBe(true);
          seen.add(at);
        }
      }
    }),
  );
});
