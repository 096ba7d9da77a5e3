import type { Command } from "commander";

const INSTALL = `
Bash, in ~/.bashrc:
  source <(tincan completions bash)
Zsh, in ~/.zshrc behind compinit:
  source <(tincan completions zsh)
Fish, once:
  tincan completions fish > ~/.config/fish/completions/tincan.fish

The shell must find tincan on its PATH.
`;

/** The words of a command line that ask for completions: the second is what the scripts call at each Tab. */
const ASKED = ["completions", "complete"];

/**
 * `tincan completions SHELL`. It reads the commands that are already registered, so it is registered last. Reading them
 * takes 2 MB and a millisecond, so it is done only where the command line asks for it; elsewhere the help just names it.
 */
export async function register(program: Command, argv: readonly string[]): Promise<void> {
  const isAsked = ASKED.includes(argv[0] ?? "");
  const completions = isAsked
    ? (await import("./completions/suggest.ts")).answer(program)
    : program.command("completions").argument("<SHELL>");
  completions.description("Print the script that completes tincan's commands and flags in a shell.");
  completions.usage("[options] <SHELL>");
  completions.summary("print a completion script for bash, zsh or fish").addHelpText("after", INSTALL);
}
