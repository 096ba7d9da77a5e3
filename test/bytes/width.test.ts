import { expect, test } from "bun:test";
import { cutEnd, cutMiddle } from "../../src/bytes/width.ts";

test("a text that is cut keeps its beginning and its end", () => {
  expect(cutMiddle("a-long-name.iso", 9)).toBe("a-lo….iso");
  expect(cutMiddle("short", 5)).toBe("short");
  expect([2, 1, 0].map((columns) => cutMiddle("long", columns))).toEqual(["l…", "…", ""]);
});

test.each(["张三李四王五", "a张三b李四cc王五", "e\u0301张e\u0301三李a\u0301", "ｶﾅ👨‍👩‍👧张三🇩🇪x"])(
  "%s is never wider than there is room, wherever it is cut",
  (text) => {
    for (let columns = 1; columns < 20; columns++) {
      expect(Bun.stringWidth(cutMiddle(text, columns))).toBeLessThanOrEqual(columns);
      expect(Bun.stringWidth(cutEnd(text, columns))).toBeLessThanOrEqual(columns);
    }
  },
);
