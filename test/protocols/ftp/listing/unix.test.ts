import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { unixLine } from "../../../../protocols/ftp/listing/unix.ts";
import { file, folder, NOW } from "./entries.ts";

const DAY = 86_400_000;

test("a file and a folder", () => {
  expect(unixLine(file(), NOW)).toBe("-rw-r--r--    1 ftp      ftp              1234 Nov 26 06:37 a.txt");
  expect(unixLine(folder(), NOW)).toBe("drwxr-xr-x    2 ftp      ftp                 0 Nov 26 06:37 photos");
});

test.each([
  [0o000, "----------"],
  [0o777, "-rwxrwxrwx"],
  [0o640, "-rw-r-----"],
  [0o107755, "-rwxr-xr-x"],
])("the mode %o is %s", (mode, shown) => {
  expect(unixLine(file({ mode }), NOW)).toStartWith(`${shown} `);
});

describe("the time", () => {
  const shown = (mtime: number) => unixLine(file({ mtime }), NOW).slice(47, 59);

  test.each([
    ["2026-11-01T23:59:59.999Z", "Nov  1 23:59"],
    ["2026-05-27T20:00:00Z", "May 27 20:00"],
    ["2026-05-27T12:00:00Z", "May 27  2026"],
    ["2026-11-26T06:37:30Z", "Nov 26 06:37"],
    ["2026-11-26T06:39:00Z", "Nov 26  2026"],
    ["2027-01-02T00:00:00Z", "Jan  2  2027"],
    ["1970-01-01T00:00:00Z", "Jan  1  1970"],
    ["1969-12-31T23:00:00Z", "Dec 31  1969"],
    ["0900-03-04T00:00:00Z", "Mar  4  0900"],
    ["+012000-03-04T00:00:00Z", "Mar  4  9999"],
  ])("%s is %s", (time, text) => {
    expect(shown(Date.parse(time))).toBe(text);
  });

  test("always has 12 columns", () => {
    const mtimes = fc.oneof(fc.integer({ min: NOW - 400 * DAY, max: NOW + 400 * DAY }), fc.double());
    fc.assert(
      fc.property(mtimes, (mtime) => {
        expect(shown(mtime)).toMatch(/^[A-Z][a-z]{2} [ 1-3]\d (?:[0-2]\d:[0-5]\d| \d{4})$/);
      }),
    );
  });
});

test("a large size only moves the rest", () => {
  const line = unixLine(file({ size: 5 * 2 ** 40 }), NOW);
  expect(line).toContain(" 5497558138880 Nov 26");
});

test("the name is what is behind the ninth column, whatever it holds, and stays on its line", () => {
  const LINE = /^[-d][-rwx]{9} +\d+ ftp +ftp +(\d+) [A-Z][a-z]{2} [ \d]\d (?:\d\d:\d\d| \d{4}) (.*)$/su;
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), fc.nat(), (name, size) => {
      const [, bytes, shown] = LINE.exec(unixLine(file({ name, size }), NOW)) ?? [];
      expect(Number(bytes)).toBe(size);
      expect(shown).toBe(name.replace(/\p{Cc}/gu, "?"));
      expect(shown).not.toMatch(/[\r\n\0]/);
    }),
  );
  expect(unixLine(file({ name: '  a "b"  -' }), NOW)).toEndWith(' 06:37   a "b"  -');
  expect(unixLine(file({ name: "x\r\n226 done" }), NOW)).toEndWith("06:37 x??226 done");
});
