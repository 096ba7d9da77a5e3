import { expect, test } from "bun:test";
import { formatTable } from "../../src/client/table.ts";

test("a table's columns line up as a terminal shows them", () => {
  const columns = [{ title: "name" }, { title: "count", right: true }, { title: "note" }];
  const rows = [
    ["ann", "7", "x"],
    ["世界人", "12,345", ""],
    ["e\u0301", "1", "y"],
  ];
  expect(formatTable(columns, rows).split("\n")).toEqual([
    "name     count  note",
    "ann          7  x",
    "世界人  12,345",
    "e\u0301            1  y",
  ]);
});

test("a cell cannot drive the terminal", () => {
  expect(formatTable([{ title: "a" }], [["\x1b[2J"]])).toBe("a\n\\x1b[2J");
});
