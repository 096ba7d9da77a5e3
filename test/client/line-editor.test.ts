import { expect, test } from "bun:test";
import { rowsBelow } from "../../src/client/line-editor.ts";

test("the row in which a typed line ends", () => {
  expect(rowsBelow("", 10)).toBe(0);
  expect(rowsBelow("123456789", 10)).toBe(0);
  expect(rowsBelow("1234567890", 10)).toBe(1);
  expect(rowsBelow("界界界界界", 10)).toBe(1);
  // The fifth does not fit into the one column that is left.
  expect(rowsBelow("1界界界界界", 10)).toBe(1);
  expect(rowsBelow("e\u0301".repeat(9), 10)).toBe(0);
});
