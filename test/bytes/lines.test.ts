import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Lines } from "../../src/bytes/lines.ts";
import { bytes, cut, cutBytes, everyCut } from "./chunks.ts";
import { linesModel } from "./lines-model.ts";

function read(lines: Lines, chunks: Iterable<Uint8Array>): (string | null)[] {
  const out: (string | null)[] = [];
  for (const chunk of chunks) out.push(...lines.push(chunk));
  return [...out, ...lines.end()];
}

describe("line ends", () => {
  const cases: [string, string[]][] = [
    ["", []],
    ["a\nb\n", ["a", "b"]],
    ["a\r\nb\r\n", ["a", "b"]],
    ["a\r\0b\r\0", ["a", "b"]],
    ["\n\r\n\r\0", ["", "", ""]],
    ["a\rb\n", ["a\rb"]],
    ["a\r\r\n", ["a\r"]],
    ["a\0b\n\0c\n", ["a\0b", "\0c"]],
    ["a\r\0\n", ["a", ""]],
    ["last", ["last"]],
    ["a\nlast\r", ["a", "last"]],
    ["\u{1F600}\né\r\n", ["\u{1F600}", "é"]],
    ["\ufeffbom\n", ["\ufeffbom"]],
  ];
  for (const [input, expected] of cases) {
    test(`${JSON.stringify(input)} at every cut`, () => {
      for (const chunks of everyCut(bytes(input))) expect(read(new Lines(), chunks)).toEqual(expected);
    });
  }

  test("what is not UTF-8 is replaced, as the standard decoder does it, at every cut", () => {
    const input = Uint8Array.of(0x61, 0xff, 0x0a, 0xf0, 0x9f, 0x98, 0x0d, 0x0a, 0xed, 0xa0, 0x80, 0x0a, 0xc3);
    const expected = ["a\ufffd", "\ufffd", "\ufffd\ufffd\ufffd", "\ufffd"];
    for (const chunks of everyCut(input)) expect(read(new Lines(), chunks)).toEqual(expected);
  });
});

describe("the limit", () => {
  for (const end of ["\n", "\r\n", "\r\0"]) {
    test(`is on the line without its end, ${JSON.stringify(end)}, at every cut`, () => {
      for (const [length, line] of [
        [3, "xxx"],
        [4, "xxxx"],
        [5, null],
        [6, null],
      ] as const) {
        const input = bytes(`${"x".repeat(length)}${end}ok${end}`);
        for (const chunks of everyCut(input)) expect(read(new Lines(4), chunks)).toEqual([line, "ok"]);
      }
    });
  }

  test("counts bytes, not characters", () => {
    expect(read(new Lines(4), [bytes("éé\nééé\n")])).toEqual(["éé", null]);
  });

  test("is told when it is passed and not before", () => {
    const lines = new Lines(4);
    expect([...lines.push(bytes("1234"))]).toEqual([]);
    expect([...lines.push(bytes("\r"))]).toEqual([]);
    expect([...lines.push(bytes("5"))]).toEqual([null]);
    expect([...lines.push(bytes("67"))]).toEqual([]);
    expect([...lines.push(bytes("\nok\n"))]).toEqual(["ok"]);
  });

  test("holds a line of 10 MiB in less than 9 KiB, and nothing between lines", () => {
    const lines = new Lines();
    const told: (string | null)[] = [];
    let most = 0;
    for (let sent = 0; sent < 10 * 1024 * 1024; sent += 1000) {
      told.push(...lines.push(new Uint8Array(1000).fill(0x78)));
      most = Math.max(most, lines.buffered);
    }
    expect(told).toEqual([null]);
    expect(most).toBeLessThanOrEqual(8193);
    expect(lines.buffered).toBe(0);
    expect([...lines.push(bytes("\nhi\n"))]).toEqual(["hi"]);
    expect(lines.buffered).toBe(0);
  });

  test("a slow drip is copied a few times in all, not once a byte", () => {
    const lines = new Lines(1 << 20);
    const byte = bytes("x");
    const started = performance.now();
    for (let i = 0; i < 1 << 20; i++) for (const _ of lines.push(byte)) throw new Error("no line has ended");
    // Copying all that is held for each byte would move 512 GiB; this is far above what linear work takes.
    expect(performance.now() - started).toBeLessThan(10_000);
    expect([...lines.end()]).toEqual(["x".repeat(1 << 20)]);
  });
});

test("lines are decoded while they are asked for, so a reader may stop in between", () => {
  const lines = new Lines();
  const reader = lines.push(bytes("a\nb\nc"));
  expect(reader.next().value).toBe("a");
  expect(lines.buffered).toBe(0);
  expect(reader.next().value).toBe("b");
  expect(reader.next().done).toBe(true);
  expect(lines.buffered).toBe(1);
});

test("any bytes, cut anywhere, are the lines of the model", () => {
  fc.assert(
    fc.property(cutBytes([0x0a, 0x0d, 0x00, 0xc3, 0xa9], 400), fc.integer({ min: 0, max: 40 }), ([input, at], max) => {
      expect(read(new Lines(max), cut(input, at))).toEqual(linesModel(input, max));
    }),
    { numRuns: 500 },
  );
});
