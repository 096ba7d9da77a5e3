import { expect, test } from "bun:test";
import { localName } from "../../../src/client/files/name.ts";

test.each(["a", ".bashrc", "-rf", "照片 🎉.jpg", "a'b\"c", "x".repeat(255), "照".repeat(85)])(
  "%j is a name",
  (name) => {
    expect(localName(name)).toBe(name);
  },
);

test.each([
  "",
  ".",
  "..",
  "/etc/passwd",
  "../x",
  "a/b",
  "a\\b",
  "a\0b",
  "a\nb",
  "\x1b[2J",
  "a\x7f",
  "a\u009b",
  "a\u2028b",
  "a\ud800",
  "photo\u202egpj.exe",
  "\u2066x",
  "x".repeat(256),
  "照".repeat(86),
])("4.25 %j is none that a server may give", (name) => {
  expect(() => localName(name)).toThrow("it is not written");
});
