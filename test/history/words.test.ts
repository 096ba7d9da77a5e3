import { describe, expect, test } from "bun:test";
import { hasAll, question, wordsOf } from "../../src/history/words.ts";

describe("words", () => {
  test("are folded, and each is there once", () => {
    expect(wordsOf("  Two\tWORDS\n two ")).toEqual(["two", "words"]);
    expect(wordsOf("今天　开会")).toEqual(["今天", "开会"]);
  });

  test("are all there, anywhere and in any order", () => {
    expect(hasAll("the meeting is tomorrow", ["morrow", "meet"])).toBe(true);
    expect(hasAll("the meeting is today", ["morrow", "meet"])).toBe(false);
  });
});

describe("the question to the index", () => {
  test("has each three letters of each word once", () => {
    expect(question(["word"])).toBe('"wor" "ord"');
    expect(question(["aaaa", "aaa"])).toBe('"aaa"');
    expect(question(["今天开会"])).toBe('"今天开" "天开会"');
    expect(question(["👍👍👍"])).toBe('"👍👍👍"');
  });

  test("is none for words that the index does not know", () => {
    expect(question(["开会", "ab"])).toBeNull();
    expect(question(["开会", "abc"])).toBe('"abc"');
  });

  test("gives no sign a meaning", () => {
    expect(question(['"a"', "b*c", "near(x"])).toBe('"""a""" "b*c" "nea" "ear" "ar(" "r(x"');
  });

  test("is never longer than FTS5 takes", () => {
    const letters = Array.from({ length: 390 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join("");
    expect(question([letters])?.split(" ")).toHaveLength(32);
  });
});
