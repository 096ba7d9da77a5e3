import { expect, test } from "bun:test";
import { hasGlob, nameMatcher } from "../../../src/client/files/glob.ts";

test.each([
  ["*.jpg", "a.jpg", true],
  ["*.jpg", "a.JPG", false],
  ["*", "a b'c 🎉", true],
  ["*", ".hidden", false],
  [".*", ".hidden", true],
  ["?", "🎉", true],
  ["[a-c]1", "b1", true],
  ["[!a]*", "abc", false],
  ["{a,b}.txt", "b.txt", true],
  ["**", "abc", true],
  ["!a*", "b", false],
  ["!a*", "!ab", true],
  ["a.jpg", "aXjpg", false],
  ["star\\*.txt", "starfish.txt", false],
  ["star\\*.txt", "star*.txt", true],
  ["\\[a\\]\\*\\?*", "[a]*?b", true],
  ["\\[a\\]*", "ab", false],
])("%s and %s: %p", (pattern, name, fits) => {
  expect(nameMatcher(pattern)(name)).toBe(fits);
});

test("4.10 a pattern that makes others search for ages does not", () => {
  const begun = performance.now();
  expect(nameMatcher(`${"*a".repeat(60)}b`)("a".repeat(255))).toBe(false);
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test("a name without wildcards means itself", () => {
  expect(["/a b/c.txt", "/a*", "/a?", "/[a]", "/{a,b}"].map(hasGlob)).toEqual([false, true, true, true, true]);
  expect(["/a\\*", "/\\{a,b\\}", "/\\[a\\]?"].map(hasGlob)).toEqual([false, false, true]);
});
