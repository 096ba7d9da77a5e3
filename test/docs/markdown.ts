import { readFileSync } from "node:fs";

/** A page of the repository, read for what tests compare with the program. */
export class Page {
  constructor(readonly text: string) {}

  /** @param path from the root of the repository */
  static read(path: string): Page {
    return new Page(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));
  }

  /** From a heading of the second level to the next. Throws when there is none. */
  section(heading: string): Page {
    const found = this.text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
    if (found === undefined) throw new Error(`the page has no section "${heading}"`);
    return new Page(found);
  }

  /** The insides of the fenced blocks of a language; `""` for those without one. */
  blocks(language: string): string[] {
    const all = this.text.matchAll(/^```(\w*)\n(.*?)^```$/gms);
    return Array.from(all).flatMap(([, of, code = ""]) => (of === language ? [code] : []));
  }

  /** The rows of all tables, without their heads. */
  rows(): string[][] {
    const lines = this.text.split("\n").filter((line) => line.startsWith("|"));
    return lines.flatMap((line, at) => {
      const isRule = (other: string | undefined) => other !== undefined && /^\|[-:|]+$/.test(other);
      if (isRule(line) || isRule(lines[at + 1])) return [];
      return [
        line
          .slice(1, -1)
          .split("|")
          .map((cell) => cell.trim()),
      ];
    });
  }

  /** The items of lists that begin with a word in code: ``- `word`: the rest``. */
  items(): Map<string, string> {
    const all = this.text.matchAll(/^- `([^`]+)`: (.*(?:\n {2}.*)*)/gm);
    return new Map(Array.from(all, ([, word = "", rest = ""]) => [word, rest]));
  }
}

/** Every `--flag` that a text names, once each and sorted. */
export function flagsIn(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(/--[a-z][a-z-]+/g), ([flag]) => flag))].sort();
}
