import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { CHARSET_NAMES, type Charset, charsetOf } from "../../src/bytes/charset.ts";

function charset(label: string): Charset {
  const found = charsetOf(label);
  if (found === null) throw new Error(`there is no charset ${label}`);
  return found;
}

function hex(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString("hex");
}

test.each([
  ["UTF-8", "utf-8"],
  ["utf8", "utf-8"],
  ["GBK", "gbk"],
  [" gbk ", "gbk"],
  ["gb2312", "gbk"],
  ["cp936", "gbk"],
  ["GB18030", "gb18030"],
  ["big5", "big5"],
  ["CP950", "big5"],
  ["Shift_JIS", "shift_jis"],
  ["sjis", "shift_jis"],
  ["cp932", "shift_jis"],
  ["euc-kr", "euc-kr"],
  ["cp949", "euc-kr"],
  ["windows-1251", "windows-1251"],
  ["cp1251", "windows-1251"],
  ["KOI8-R", "koi8-r"],
  ["latin1", "windows-1252"],
  ["ISO-8859-1", "windows-1252"],
])("%p is %s", (label, name) => {
  expect(charset(label).name).toBe(name);
  expect(charset(label)).toBe(charset(name));
});

// UTF-16 has NUL in ASCII; in ISO-2022-JP ASCII means something else behind an escape sequence.
test.each(["", "gkb", "utf-16", "utf-16le", "iso-2022-jp", "x-user-defined", "replacement", "utf-7", "\0"])(
  "%p is none",
  (label) => {
    expect(charsetOf(label)).toBeNull();
  },
);

// The bytes that Python's codecs give.
test.each([
  ["gbk", "你好.txt", "c4e3bac32e747874"],
  ["gb18030", "😀", "9439fc36"],
  ["big5", "中文許功蓋", "a4a4a4e5b35ca55cbb5c"],
  ["shift_jis", "日本語ソ", "93fa967b8cea835c"],
  ["euc-jp", "日本語", "c6fccbdcb8ec"],
  ["euc-kr", "한국어", "c7d1b1b9beee"],
  ["windows-1251", "яблоко", "ffe1ebeeeaee"],
  ["koi8-r", "яблоко", "d1c2cccfcbcf"],
  ["latin1", "café €", "636166e92080"],
  ["utf-8", "é😀", "c3a9f09f9880"],
])("%s writes %s", (label, text, bytes) => {
  expect(hex(charset(label).encode(text))).toBe(bytes);
  expect(charset(label).decode(Buffer.from(bytes, "hex"))).toBe(text);
  expect(hex(charset(label).encodeLossy(text))).toBe(bytes);
  expect(charset(label).decodeLossy(Buffer.from(bytes, "hex"))).toBe(text);
});

test.each([
  ["gbk", "a😀b", "a?b"],
  ["gbk", "한", "?"],
  ["big5", "한", "?"],
  ["windows-1251", "你好", "??"],
  ["koi8-r", "\ud800", "?"],
])("%s has not all of %p", (label, text, shown) => {
  expect(charset(label).encode(text)).toBeNull();
  expect(String(Buffer.from(charset(label).encodeLossy(text)))).toBe(shown);
});

test.each([
  ["utf-8", "ff", "\ufffd"],
  ["utf-8", "61c3", "a\ufffd"],
  ["utf-8", "eda080", "\ufffd\ufffd\ufffd"],
  ["gbk", "61ff62", "a\ufffdb"],
  ["gbk", "c4", "\ufffd"],
  ["gbk", "c40a", "\ufffd\n"],
  ["big5", "a4", "\ufffd"],
  ["shift_jis", "81", "\ufffd"],
  ["euc-kr", "ffff", "\ufffd\ufffd"],
])("not valid in %s: %s", (label, bytes, shown) => {
  expect(charset(label).decode(Buffer.from(bytes, "hex"))).toBeNull();
  expect(charset(label).decodeLossy(Buffer.from(bytes, "hex"))).toBe(shown);
});

test("half a surrogate pair is no text, and a byte order mark is kept", () => {
  expect(charset("utf-8").encode("a\ud800")).toBeNull();
  expect(charset("utf-8").decode(Buffer.from("\ufeffa"))).toBe("\ufeffa");
});

test("a character that only the decoder knows is not taken, because it could never be listed", () => {
  expect(charset("gbk").decode(Uint8Array.of(0xa6, 0xd9))).toBeNull();
  expect(charset("shift_jis").decode(Uint8Array.of(0xf0, 0x40))).toBeNull();
});

describe.each(CHARSET_NAMES.map((name) => [name]))("in %s", (name) => {
  const set = charset(name);

  test("ASCII is itself", () => {
    const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, i) => i));
    expect(set.encode(ascii)).toEqual(new Uint8Array(Buffer.from(ascii)));
    expect(set.decode(Buffer.from(ascii))).toBe(ascii);
  });

  test("whatever is written is read as the same text", () => {
    const characters = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: cjk }), fc.string({ unit: bmp }));
    fc.assert(
      fc.property(characters, (text) => {
        const bytes = set.encode(text);
        if (bytes === null) return;
        expect(set.decode(bytes)).toBe(text);
        expect(set.decodeLossy(bytes)).toBe(text);
        expect(hex(set.encodeLossy(text))).toBe(hex(bytes));
      }),
    );
  });

  test("whatever is read can be written, and reads the same again", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = set.decode(bytes);
        if (text === null) return;
        expect(set.decodeLossy(bytes)).toBe(text);
        expect(set.decode(set.encode(text) ?? bytes)).toBe(text);
        expect(set.encode(text)).not.toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  test("LF, CR, NUL and / are never part of a character", () => {
    for (let lead = 0x80; lead < 0x100; lead++) {
      for (const end of [0x0a, 0x0d, 0x00, 0x2f]) {
        expect(set.decodeLossy(Uint8Array.of(lead, end))).toEndWith(String.fromCharCode(end));
        expect(set.decodeLossy(Uint8Array.of(lead, 0x30, end))).toEndWith(String.fromCharCode(end));
      }
    }
  });
});

const cjk = fc.integer({ min: 0x3000, max: 0x9fff }).map((code) => String.fromCharCode(code));
const bmp = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
