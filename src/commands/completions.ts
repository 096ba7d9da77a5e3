import { readdirSync } from "node:fs";
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";

const INSTALL = `
Bash (with the package bash-completion), in ~/.bashrc:
  source <(tincan completions bash)
Zsh, in ~/.zshrc behind compinit:
  source <(tincan completions zsh)
Fish, once:
  tincan completions fish > ~/.config/fish/completions/tincan.fish

The shell must find tincan on its PATH.
`;

type Suggest = (word: string, description: string) => void;

/** Arguments that are files here: by command and argument, which entries of the working folder fit. */
const FILES: readonly { command: string; argument: string; fits: (name: string, folder: boolean) => boolean }[] = [
  { command: "serve", argument: "DIR", fits: (_, folder) => folder },
  { command: "run", argument: "FILE", fits: (name) => /\.[jt]s$/.test(name) },
];

/**
 * `tincan completions SHELL`, and the hidden command that the scripts call at each Tab. It reads the commands that are
 * already registered, so it is registered last.
 */
export function register(program: Command): void {
  const root = tab(program, { completionCommandName: "completions" });
  for (const { command, argument, fits } of FILES) {
    const known = root.commands.get(command)?.arguments.get(argument);
    if (known) known.handler = (suggest: Suggest) => suggestFiles(suggest, fits);
  }
  const completions = program.commands.find((command) => command.name() === "completions");
  completions?.description("Print the script that completes tincan's commands and flags in a shell.");
  completions?.summary("print a completion script for bash, zsh or fish").addHelpText("after", INSTALL);
}

function suggestFiles(suggest: Suggest, fits: (name: string, folder: boolean) => boolean): void {
  for (const entry of readdirSync(".", { withFileTypes: true })) {
    if (!entry.name.startsWith(".") && fits(entry.name, entry.isDirectory())) suggest(entry.name, "");
  }
}
