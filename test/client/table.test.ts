import { describe, expect, test } from "bun:test";
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

describe("where there is little room", () => {
  const columns = [
    { title: "name", least: 5 },
    { title: "count", right: true, spare: true as const },
    { title: "note", least: 4 },
  ];
  const rows = [
    ["a-very-long-name", "7", "some words"],
    ["张三李四王五赵六", "12,345", "x"],
  ];

  test("the widest cells are cut in their middle", () => {
    expect(formatTable(columns, rows, 30).split("\n")).toEqual([
      "name         count  note",
      "a-ver…name       7  some words",
      "张三…赵六   12,345  x",
    ]);
  });

  test("what can be spared is left out when that is not enough", () => {
    expect(formatTable(columns, rows, 16).split("\n")).toEqual(["name     note", "a-v…ame  som…rds", "张…六    x"]);
  });

  test("it is as wide as it must be when nothing helps", () => {
    expect(formatTable(columns, rows, 3).split("\n")).toEqual(["name   note", "a-…me  so…s", "张…六  x"]);
  });
});
