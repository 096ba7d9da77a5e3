import { expect, test } from "bun:test";
import { Command } from "commander";
import { addFlags } from "../../src/config/flags.ts";
import { flag } from "../../src/config/option.ts";

test("a switch whose name begins with no- is a switch as any other", () => {
  const table = { noAnnounce: flag("tell nobody"), dotfiles: flag("show all") };
  const told = (...argv: string[]) => addFlags(new Command(), table).parse(argv, { from: "user" }).opts();
  expect(told()).toEqual({});
  expect(told("--no-announce", "--dotfiles")).toEqual({ noAnnounce: true, dotfiles: true });
});
