import { expect, test } from "bun:test";
import { split } from "../../../../../protocols/http/page/app/lib/marks.ts";

test.each([
  ["Tea for two", "tea", ["", "Tea", " for two"]],
  ["teatime, 茶点时间", "time  时间", ["tea", "time", ", 茶点", "时间", ""]],
  ["no number", "no number", ["", "no", " ", "number", ""]],
  ["a.b (c) [d] a-b\\ ab", "a.b (c) a-b\\", ["", "a.b", " ", "(c)", " [d] ", "a-b\\", " ab"]],
  ["nothing", " ", ["nothing"]],
  ["ÄPFEL äpfel", "äp", ["", "ÄP", "FEL ", "äp", "fel"]],
  ["un CAFE\u0301, café", "cafè", ["un ", "CAFE\u0301", ", ", "café", ""]],
  ["ein cafe", "CAFÉ", ["ein ", "cafe", ""]],
  ["ﬁne ﬁn", "in", ["", "ﬁn", "e ", "ﬁn", ""]],
  ["ＡＢＣ ガ", "bc カ", ["Ａ", "ＢＣ", " ガ"]],
  ["👍🏽 ok ok", "ok 👍", ["", "👍", "🏽 ", "ok", " ", "ok", ""]],
])("in %j the words of %j are found", (text, wanted, pieces) => {
  expect(split(text, wanted)).toEqual(pieces);
  expect(split(text, wanted).join("")).toBe(text);
});
