import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isOver, messageText, refuseText, topicText } from "../../src/chat/text.ts";

const code = (text: string, rule = messageText) => refuseText(text, rule)?.error.code ?? "ok";

describe("a message", () => {
  test.each(["hi", " hi ", "a\nb", "\n\na", "小明", "🙂", "שלום", "a\u2028b", "a\u202eb"])("%p is fine", (text) => {
    expect(code(text)).toBe("ok");
  });

  const bad = [
    "",
    " ",
    "\n",
    " \u3000\n",
    "\u200b",
    "a\tb",
    "a\r\nb",
    "a\0",
    "a\u001b[2J",
    "a\u007f",
    "a\u009b",
    "\ud83d",
    "a\udc00",
  ];
  test.each(bad)("%p is refused", (text) => expect(code(text)).toBe("bad-text"));

  test.each([
    ["a", 1],
    ["é", 2],
    ["小", 3],
    ["🙂", 4],
  ])("4,000 bytes of %p are fine, one more is not", (letter, bytes) => {
    const most = letter.repeat(4_000 / bytes) + "a".repeat(4_000 % bytes);
    expect(code(most.slice(bytes === 4 ? 2 : 1))).toBe("ok");
    expect(code(most)).toBe("ok");
    expect(code(`${most}a`)).toBe("text-too-long");
  });

  test("what is wrong is shown and cannot drive a terminal", () => {
    const message = refuseText("a\u001b[2J", messageText)?.error.message;
    expect(message).toBe(
      String.raw`a message cannot hold "\x1b"; line breaks are the only control characters that are allowed`,
    );
  });
});

test("a topic is one line of 390 bytes", () => {
  expect(code("x".repeat(390), topicText)).toBe("ok");
  expect(code("x".repeat(391), topicText)).toBe("topic-too-long");
  expect(code("a\nb", topicText)).toBe("bad-text");
});

test("bytes are counted as UTF-8 has them", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.nat(120), (text, most) => {
      expect(isOver(text, most)).toBe(new TextEncoder().encode(text).length > most);
    }),
  );
});
