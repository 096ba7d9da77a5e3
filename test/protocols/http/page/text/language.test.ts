import { expect, test } from "bun:test";
import { en } from "../../../../../protocols/http/page/app/text/en.ts";
import { languageOf, textsIn } from "../../../../../protocols/http/page/app/text/language.ts";
import { zh } from "../../../../../protocols/http/page/app/text/zh.ts";

test.each([
  [["zh-Hans-CN", "en"], "zh"],
  [["zh"], "zh"],
  [["de-DE", "zh-TW"], "zh"],
  [["de", "en-GB", "zh"], "en"],
  [["constructor"], "en"],
  [[], "en"],
] as const)("who reads %j is spoken to in %s", (wanted, language) => {
  expect(languageOf(wanted)).toBe(language);
});

test("the Chinese texts are Chinese, but for names", () => {
  const same = ["tag", "ways"];
  const texts = Object.entries(zh).filter(([key, text]) => typeof text === "string" && !same.includes(key));
  const foreign = texts.filter(([key, text]) => text === (en as Record<string, unknown>)[key]);
  expect(foreign).toEqual([]);
  expect(textsIn("zh")).toBe(zh);
});
