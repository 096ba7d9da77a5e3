import { describe, expect, test } from "bun:test";
import { type Entry, filterEntries, sortEntries } from "../../../../../protocols/http/page/app/files/entry.ts";

const entry = (name: string, size: number, mtime: number, type: Entry["type"] = "file"): Entry => {
  return { name, type, size, mtime };
};
const all = [entry("img10.png", 5, 30), entry("img2.png", 5, 10), entry("Zoo", 0, 5, "dir"), entry("a.txt", 90, 20)];
const names = (entries: readonly Entry[]) => entries.map(({ name }) => name);

describe("the order of files", () => {
  test.each([
    ["name", false, ["Zoo", "a.txt", "img2.png", "img10.png"]],
    ["name", true, ["Zoo", "img10.png", "img2.png", "a.txt"]],
    ["size", true, ["Zoo", "a.txt", "img2.png", "img10.png"]],
    ["mtime", false, ["Zoo", "img2.png", "a.txt", "img10.png"]],
    ["mtime", true, ["Zoo", "img10.png", "a.txt", "img2.png"]],
  ] as const)("by %s, downwards %p: folders first", (by, down, sorted) => {
    expect(names(sortEntries(all, { by, down }))).toEqual([...sorted]);
  });
});

test("the filter wants every word, anywhere in the name", () => {
  expect(names(filterEntries(all, "PNG 2"))).toEqual(["img2.png"]);
  expect(filterEntries(all, "  ")).toEqual(all);
});
