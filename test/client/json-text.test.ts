import { expect, test } from "bun:test";
import { safeJson } from "../../src/client/json-text.ts";

test("what could drive a terminal is escaped, what people read is not, and the object is the same", () => {
  const value = { name: "照片 🎉\u{1b}\u{9b}\u202e\u{e0041}\n" };
  const text = safeJson(JSON.stringify(value));
  expect(text).toBe('{"name":"照片 🎉\\u001b\\u009b\\u202e\\udb40\\udc41\\n"}');
  expect(JSON.parse(text)).toEqual(value);
});
