import { expect, test } from "bun:test";
import { edit } from "../../src/bytes/edit.ts";

const cases: [string, string][] = [
  ["", ""],
  ["hello", "hello"],
  ["helli\bo", "hello"],
  ["helli\x7fo", "hello"],
  ["ab\b\b\bc", "c"],
  ["\b\x7fa", "a"],
  ["é\bx", "x"],
  ["e\u0301\bx", "x"],
  ["a👩‍👩‍👧\b!", "a!"],
  ["a👍🏽\b\bb", "b"],
  ["日本\b語", "日語"],
  ["wrong\x15right", "right"],
  ["wrong\x03right", "right"],
  ["one\x15two\x03thre\b\be", "the"],
  ["gone\x15", ""],
  ["tab\tand\x1b[A", "tab\tand\x1b[A"],
];
for (const [typed, seen] of cases) {
  test(`${JSON.stringify(typed)} is ${JSON.stringify(seen)}`, () => expect(edit(typed)).toBe(seen));
}

test("work grows with the line, not with its square", () => {
  const started = performance.now();
  expect(edit("é".repeat(100_000) + "\b".repeat(100_000))).toBe("");
  expect(performance.now() - started).toBeLessThan(5_000);
});
