import { expect, test } from "bun:test";
import { commands } from "../../../protocols/ftp/commands.ts";
import { declined } from "../../../protocols/ftp/declined.ts";
import { Page } from "../../docs/markdown.ts";

const table = Page.read("protocols/ftp/README.md").section("Compliance").rows();

test("the table of compliance has every command of the code, as it is", () => {
  const done = table.filter(([, , state]) => state?.startsWith("yes")).map(([verb, source]) => ({ verb, source }));
  expect(done).toEqual(commands.map(({ verb, source }) => ({ verb, source })));
});

test("the table of compliance says why a command is not there, as its reply does", () => {
  const missing = table.filter(([, , state]) => !state?.startsWith("yes"));
  expect(missing.map(([verb, , state]) => [verb, state])).toEqual(
    Array.from(declined, ([verb, why]) => [verb, `no: ${why}`]),
  );
});
