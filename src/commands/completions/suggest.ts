import { readdirSync } from "node:fs";
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { kinds } from "../../client/bench/kinds.ts";

type Suggest = (word: string, description: string) => void;

/** Arguments that are files here: by command and argument, which entries of the working folder fit. */
const FILES: readonly { command: string; argument: string; fits: (name: string, folder: boolean) => boolean }[] = [
  { command: "serve", argument: "DIR", fits: (_, folder) => folder },
  { command: "put", argument: "file", fits: () => true },
  { command: "run", argument: "FILE", fits: (name) => /\.[jt]s$/.test(name) },
];

/** The commands that answer: `tincan completions SHELL`, and the hidden one that the scripts call at each Tab. */
export function answer(program: Command): Command {
  const root = tab(program, { completionCommandName: "completions" });
  for (const { command, argument, fits } of FILES) {
    const known = root.commands.get(command)?.arguments.get(argument);
    if (known) known.handler = (suggest: Suggest) => suggestFiles(suggest, fits);
  }
  const kind = root.commands.get("bench")?.arguments.get("kind");
  if (kind) kind.handler = suggestKinds;
  const completions = program.commands.find((command) => command.name() === "completions");
  if (!completions) throw new Error("the completions were not registered");
  return completions;
}

function suggestKinds(suggest: Suggest): void {
  for (const name of Object.keys(kinds)) suggest(name, "");
}

function suggestFiles(suggest: Suggest, fits: (name: string, folder: boolean) => boolean): void {
  for (const entry of readdirSync(".", { withFileTypes: true })) {
    if (!entry.name.startsWith(".") && fits(entry.name, entry.isDirectory())) suggest(entry.name, "");
  }
}
