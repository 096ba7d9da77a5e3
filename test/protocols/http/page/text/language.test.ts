import { expect, test } from "bun:test";
import { en } from "../../../../../protocols/http/page/app/text/en.ts";
import { languageOf, textsIn } from "../../../../../protocols/http/page/app/text/language.ts";
import { zh } from "../../../../../protocols/http/page/app/text/zh.ts";
import type { RefusalCode } from "../../../../../src/chat/command.ts";
import type { VaultCode } from "../../../../../src/files/error.ts";

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

/** What the chat and the vault may refuse; the types say when one is missing here. */
const CODES = Object.keys({
  "bad-path": true,
  "not-found": true,
  exists: true,
  "not-a-file": true,
  "not-a-folder": true,
  "not-empty": true,
  denied: true,
  "no-space": true,
  quota: true,
  "too-many": true,
  changed: true,
  replaced: true,
  incomplete: true,
  "bad-hash": true,
  "nothing-to-resume": true,
  "bad-range": true,
  cancelled: true,
  failed: true,
  "bad-name": true,
  "name-taken": true,
  "name-reserved": true,
  "bad-room": true,
  "no-such-room": true,
  "not-in-room": true,
  "too-many-rooms": true,
  "no-such-member": true,
  "bad-text": true,
  "text-too-long": true,
  "topic-too-long": true,
  "no-history": true,
} satisfies Record<VaultCode | RefusalCode, true>);
/** What the http door itself refuses a page. */
const DOOR = [
  "bad-digest",
  "bad-login",
  "busy",
  "banned",
  "login-ended",
  "login-needed",
  "no-files",
  "plain-password",
  "precondition",
  "timeout",
  "too-large",
];

test.each([...CODES, ...DOOR])("the refusal %s is told in Chinese", (code) => {
  expect(zh.refusals[code] ?? "").toMatch(/\p{Script=Han}/u);
});
