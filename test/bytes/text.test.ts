import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { escapeLines, escapeText, quote } from "../../src/bytes/text.ts";

/** Code points that drive a terminal, reorder text or hide in it. Written from the charts, not from the code. */
const dangerous = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  0xad,
  0x061c,
  0x180e,
  0x200b,
  0x200e,
  0x200f,
  ...range(0x2028, 0x202e),
  ...range(0x2060, 0x206f),
  0x3164,
  0xfeff,
  ...range(0xfff9, 0xfffb),
  ...range(0xe0000, 0xe007f),
  0xd800,
  0xdbff,
  0xdc00,
  0xdfff,
];

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

describe("escapeText", () => {
  test("makes every dangerous character visible, alone and inside text", () => {
    for (const code of dangerous) {
      const char = String.fromCodePoint(code);
      for (const text of [char, `a${char}b`, `é${char}`]) {
        const escaped = escapeText(text);
        expect(escaped).not.toContain(char);
        expect(escaped).toContain("\\");
        expect(escapeText(escaped)).toBe(escaped);
      }
    }
  });

  test("names the character in the shortest of three forms", () => {
    expect(escapeText("\x1b[31m")).toBe("\\x1b[31m");
    expect(escapeText("a\u0000\t\r\n\u0085")).toBe("a\\x00\\x09\\x0d\\x0a\\x85");
    expect(escapeText("txt.\u202egpj")).toBe("txt.\\u202egpj");
    expect(escapeText("\u{e0041}\ud83d")).toBe("\\u{e0041}\\ud83d");
  });

  test("leaves what people write alone, emoji and joiners included", () => {
    for (const text of ["", "hello", "naïve \\x1b", "日本語", "می‌خواهم", "👩‍👩‍👧 ❤️ 👋🏽", "e\u0301"]) {
      expect(escapeText(text)).toBe(text);
    }
  });

  test("never lets a dangerous character out, whatever comes in", () => {
    const bad = new Set(dangerous);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.array(fc.constantFrom(...dangerous)), (text, codes) => {
        const mixed = text + String.fromCodePoint(...codes) + text;
        expect([...escapeText(mixed)].filter((char) => bad.has(char.codePointAt(0) ?? 0))).toEqual([]);
      }),
    );
  });
});

test("escapeLines keeps LF and nothing else", () => {
  expect(escapeLines("one\ntwo\r\n\x1b[2J")).toBe("one\ntwo\\x0d\n\\x1b[2J");
  expect(escapeLines("one\ntwo")).toBe("one\ntwo");
});

describe("quote", () => {
  test("escapes, and marks its own quotes", () => {
    expect(quote("12x")).toBe('"12x"');
    expect(quote('a"b')).toBe('"a\\"b"');
    expect(quote("a\nb")).toBe('"a\\x0ab"');
    expect(quote("")).toBe('""');
  });

  test("cuts to the maximum, never inside an escape or a code point", () => {
    expect(quote("abcdef", 6)).toBe('"abcdef"');
    expect(quote("abcdefg", 6)).toBe('"abcde…"');
    expect(quote("ab\x1b\x1b", 6)).toBe('"ab…"');
    expect(quote("👍👍👍👍", 3)).toBe('"👍👍…"');
    expect(quote("x".repeat(1_000_000))).toHaveLength(62);
  });
});
