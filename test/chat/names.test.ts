import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import confusables from "unhomoglyph/data.json";
import { skeleton } from "../../src/chat/look-alikes.ts";
import { nameKeys, nameProblem, roomKey, roomProblem } from "../../src/chat/names.ts";
import { isReserved } from "../../src/chat/reserved.ts";

const good = [
  ...["ann", "Ann", "a", "_", "[ann]", "{a|b}^_-", "ann2", "x".repeat(32), "é".repeat(32), "Ω", "José", "Зоя", "Ελένη"],
  ...["小明", "ひろし", "カー", "한글", "Ann小明", "Annひろしカー", "Ann한글", "नमस्ते", "שלום", "สวัสดี", "ⴰⵎⴰⵣⵉⵖ"],
];

const bad = [
  ...[
    "",
    "1ann",
    "-ann",
    "*ann",
    "ann lee",
    "ann,bob",
    "ann:",
    "#ann",
    "@ann",
    "+ann",
    "ann!",
    "a\u0000",
    "a\n",
    "a\u001b[31m",
  ],
  ...[
    "a\u200bb",
    "a\u202eb",
    "a\u2066b",
    "\u3164",
    "a\ufe0f",
    "annː",
    "annʼ",
    "\ud800",
    "a\udc00",
    "🙂",
    "\u0301a",
    "a\u0301\u0302\u0303",
  ],
  ...["x".repeat(33), "é".repeat(33), "小".repeat(22), "٣ann"],
];

const mixed = ["аnn", "Annа", "Ζoe", "ann\u0561", "зΩ", "小а", "Aש"];

describe("names", () => {
  test.each(good)("%p can be a name", (name) => expect(nameProblem(name)).toBeNull());
  test.each(bad)("%p cannot be a name", (name) => expect(nameProblem(name)).toMatch(/[^.]$/));
  test.each(mixed)("%p mixes alphabets", (name) => expect(nameProblem(name)).toContain("mixes alphabets"));

  test("the limit is 64 bytes as well as 32 characters", () => {
    expect(nameProblem("小".repeat(21))).toBeNull();
    expect(nameProblem(`${"小".repeat(21)}a`)).toBeNull();
    expect(nameProblem(`${"小".repeat(21)}ab`)).toContain("64 bytes");
  });
});

const same = [
  ["ann", "ANN"],
  ["admin", "аdmіn"],
  ["admin", "ａｄｍｉｎ"],
  ["modern", "rnodern"],
  ["lisa", "Iisa"],
  ["Irma", "lrma"],
  ["b0b", "bob"],
  ["a1", "al"],
  ["a|", "al"],
  ["coco", "сосо"],
  ["ANNA", "ΑΝΝΑ"],
  ["straße", "STRASSE"],
  ["jose\u0301", "josé"],
  ["an\u200bn", "ann"],
];

const different = [
  ["ann", "anne"],
  ["ali", "all"],
  ["jose", "josé"],
  ["小明", "小红"],
  ["ann", "ann_"],
];

const meet = (a: string, b: string) => nameKeys(a).some((key) => nameKeys(b).includes(key));

describe("keys", () => {
  test.each(same)("%p is the same name as %p", (a, b) => expect(meet(a, b)).toBeTrue());
  test.each(different)("%p is another name than %p", (a, b) => expect(meet(a, b)).toBeFalse());

  test("the short ways for ASCII give what the tables give", () => {
    const plainly = (text: string) =>
      [...text].map((letter) => (confusables as Record<string, string>)[letter] ?? letter).join("");
    const table = (text: string) => plainly(plainly(text).toLowerCase()).toLowerCase();
    const ascii = fc.string({ unit: "grapheme-ascii", maxLength: 40 });
    fc.assert(fc.property(ascii, (text) => expect(skeleton(text)).toBe(table(text))));
    const simple = fc.string({ unit: fc.constantFrom(..."abcdefghijklnopqrstuvwxyz23456789_-[]{}^"), maxLength: 32 });
    fc.assert(fc.property(simple, (name) => expect(nameKeys(name)).toEqual([skeleton(name)])));
  });

  test("a name is the same in every case and normal form", () => {
    const name = fc.string({ unit: "grapheme", maxLength: 8 });
    fc.assert(
      fc.property(name, (text) => {
        expect(nameKeys(text.normalize("NFD"))[0]).toBe(nameKeys(text.normalize("NFC"))[0]);
        expect(nameKeys(text.toUpperCase())[0]).toBe(nameKeys(text.toUpperCase().toLowerCase())[0]);
      }),
    );
  });
});

describe("reserved", () => {
  const words = [
    "admin",
    "Admin",
    "ADMlN",
    "аdmin",
    "r00t",
    "server",
    "Tincan",
    "all",
    "me",
    "rne",
    "guest1",
    "Guest77",
    "guestl",
    "guestO",
  ];
  test.each(words)("%p is reserved", (word) => expect(isReserved(nameKeys(word))).toBeTrue());
  const free = ["ann", "guest", "guesta", "ali", "admins"];
  test.each(free)("%p is not", (word) => expect(isReserved(nameKeys(word))).toBeFalse());
});

describe("rooms", () => {
  const rooms = ["#a", "##", "#a#b", "#été", "#小明", "#🙂", "#a:b", `#${"x".repeat(63)}`, `#${"小".repeat(21)}`];
  test.each(rooms)("%p can be a room", (room) => expect(roomProblem(room)).toBeNull());
  const not = [
    ...[
      "",
      "#",
      "a",
      "#a b",
      "#a,b",
      "#a\u0007",
      "#a\n",
      "#a\u200b",
      "#a\u202e",
      "#a\u00a0b",
      "#a\u3000",
      "#\ud800",
      "#a\ufeff",
      "#\u2800",
    ],
    ...[`#${"x".repeat(64)}`, `#${"小".repeat(21)}x`],
  ];
  test.each(not)("%p cannot be a room", (room) => expect(roomProblem(room)).toMatch(/[^.]$/));

  test("a forgotten # is suggested", () => expect(roomProblem("dev")).toBe('"dev" is not a room; try #dev'));
  test("case does not matter, look-alikes do", () => {
    expect(roomKey("#DÉV")).toBe(roomKey("#dév"));
    expect(roomKey("#10")).not.toBe(roomKey("#lo"));
  });
});
