import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";

const WIDTH = 120;

test.each(["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs/files.md"])(
  "the paragraphs of %s are wrapped",
  (name) => {
    const text = readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
    const prose = text.replace(/^```.*?^```$/gms, "").split("\n");
    expect(prose.filter((line) => line.length > WIDTH && !line.startsWith("|"))).toEqual([]);
  },
);
