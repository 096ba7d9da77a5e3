import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { compileGlob, isGlob } from "../../../../protocols/ftp/listing/glob.ts";

function matches(pattern: string, name: string): boolean {
  const glob = compileGlob(pattern);
  if (glob === null) throw new Error(`${pattern} was refused`);
  return glob(name);
}

describe("a pattern", () => {
  test.each([
    ["*", "a.txt"],
    ["*.txt", "a.txt"],
    ["*.txt", "a b.txt"],
    ["a*", "a"],
    ["**", ""],
    ["?.txt", "a.txt"],
    ["?.txt", "😀.txt"],
    ["??", "你好"],
    ["*b*", "abc"],
    ["a*b*c", "aXbYbZc"],
    ["[ab].txt", "b.txt"],
    ["[a-c]", "b"],
    ["[!a-c]", "d"],
    ["[^a-c]", "d"],
    ["[]]", "]"],
    ["[!]]", "a"],
    ["[a-]", "-"],
    ["[-a]", "-"],
    ["[一-龥]*", "你好"],
    ["[", "["],
    ["[ab", "[ab"],
    ["a[!]", "a[!]"],
    [".*", ".hidden"],
    ["é", "é"],
    ["e\u0301*", "\u00e9t\u00e9"],
    ["{a,b}", "{a,b}"],
    ["a\\*", "a\\b"],
    ["*.t?t", "x.txt.tat"],
  ])("%p matches %p", (pattern, name) => {
    expect(matches(pattern, name)).toBe(true);
  });

  test.each([
    ["*.txt", "a.txt2"],
    ["*.txt", ".txt"],
    ["?hidden", ".hidden"],
    ["[.]hidden", ".hidden"],
    ["*", ".hidden"],
    ["?", ""],
    ["?", "ab"],
    ["a", "A"],
    ["[a-c]", "d"],
    ["[c-a]", "b"],
    ["[!a-c]", "b"],
    ["[]]", "a"],
    ["{a,b}", "a"],
    ["", "a"],
    ["a*b", "aXc"],
    ["*ab*ab", "ab"],
  ])("%p does not match %p", (pattern, name) => {
    expect(matches(pattern, name)).toBe(false);
  });
});

test.each([
  ["*.txt", true],
  ["a?", true],
  ["[ab]", true],
  ["a.txt", false],
  ["{a,b}", false],
])("whether %p may be one: %p", (text, may) => {
  expect(isGlob(text)).toBe(may);
});

/** The same, said as plainly as possible: every way that a star can go, each pair of ends decided once. */
function model(pattern: string, name: string): boolean {
  const known = new Map<string, boolean>();
  const from = (p: number, n: number): boolean => {
    const key = `${p} ${n}`;
    let found = known.get(key);
    if (found === undefined) {
      const char = pattern[p];
      if (char === undefined) found = n === name.length;
      else if (char === "*") found = from(p + 1, n) || (n < name.length && from(p, n + 1));
      else found = n < name.length && (char === "?" || char === name[n]) && from(p + 1, n + 1);
      known.set(key, found);
    }
    return found;
  };
  return from(0, 0);
}

test("stars and question marks do what the model does", () => {
  const letters = (all: string) => fc.string({ unit: fc.constantFrom(...all), maxLength: 12 });
  fc.assert(
    fc.property(letters("ab*?"), letters("ab"), (pattern, name) => {
      const glob = compileGlob(pattern);
      if (glob !== null) expect(glob(name)).toBe(model(pattern, name));
    }),
    { numRuns: 5000 },
  );
});

test("any text is a pattern that ends, or is refused", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (pattern, name) => {
      expect([true, false, undefined]).toContain(compileGlob(pattern)?.(name));
    }),
  );
});

describe("its work is bounded", () => {
  test("128 characters and 8 stars are allowed, more are not", () => {
    expect(compileGlob("a".repeat(128))).not.toBeNull();
    expect(compileGlob("a".repeat(129))).toBeNull();
    expect(compileGlob("*a".repeat(8))).not.toBeNull();
    expect(compileGlob("*a".repeat(9))).toBeNull();
    expect(compileGlob("*".repeat(200))).not.toBeNull();
  });

  test("the worst pattern over 10,000 of the worst names", () => {
    const glob = compileGlob(`${"*aaaaaaaaaaaaaaa".repeat(7)}*b`);
    const name = "a".repeat(255);
    const started = performance.now();
    for (let i = 0; i < 10_000; i++) expect(glob?.(name)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
