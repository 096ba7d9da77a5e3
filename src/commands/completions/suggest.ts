import { readdirSync } from "node:fs";
import tab from "@bomb.sh/tab/commander";
import type { Argument, Command } from "commander";
import { quote } from "../../bytes/text.ts";
import { kinds } from "../../client/bench/kinds.ts";
import { CommandError, Exit } from "../../exit.ts";

const SHELLS: readonly string[] = ["bash", "zsh", "fish"];

type Suggest = (word: string, description: string) => void;

/** Arguments that are files here: by command and argument, which entries of the working folder fit. */
const FILES: readonly { command: string; argument: string; fits: (name: string, folder: boolean) => boolean }[] = [
  { command: "serve", argument: "DIR", fits: (_, folder) => folder },
  { command: "put", argument: "FILE", fits: () => true },
  { command: "run", argument: "FILE", fits: (name) => /\.[jt]s$/.test(name) },
];

/** The commands that answer: `tincan completions SHELL`, and the hidden one that the scripts call at each Tab. */
export function answer(program: Command): Command {
  const root = tab(program, { completionCommandName: "completions" });
  for (const { command, argument, fits } of FILES) {
    const known = root.commands.get(command)?.arguments.get(argument);
    if (known) known.handler = (suggest: Suggest) => suggestFiles(suggest, fits);
  }
  const kind = root.commands.get("bench")?.arguments.get("KIND");
  if (kind) kind.handler = suggestKinds;
  const completions = program.commands.find((command) => command.name() === "completions");
  if (!completions) throw new Error("the completions were not registered");
  const [shell] = completions.registeredArguments;
  if (shell) takeShells(shell);
  completions.action((name: string) => {
    const script = printedBy(() => root.setup(program.name(), program.name(), name));
    process.stdout.write(name === "bash" ? forAnyBash(script) : script);
  });
  return completions;
}

/** The library prints its scripts. */
function printedBy(print: () => void): string {
  const { log } = console;
  let printed = "";
  console.log = (text: string) => {
    printed += `${text}\n`;
  };
  try {
    print();
  } finally {
    console.log = log;
  }
  return printed;
}

/** A script that may be read twice in a shell, as ~/.bashrc is, and needs nothing that Bash itself has not. */
function forAnyBash(script: string): string {
  return script.replace(/^readonly (?=\w+=)/gm, "").replace(
    /^ *(_get_comp_words_by_ref) .*$/m,
    (line, name: string) => `    if declare -F ${name} > /dev/null; then
    ${line}
    else
        cur=\${COMP_WORDS[COMP_CWORD]}
        words=("\${COMP_WORDS[@]}")
    fi`,
  );
}

/** The library has one more, which nobody has tried, and words of its own. */
function takeShells(shell: Argument): void {
  shell.choices(SHELLS);
  shell.description = "bash, zsh or fish";
  shell.argParser((word) => {
    if (SHELLS.includes(word)) return word;
    throw new CommandError(Exit.usage, `there are no completions for ${quote(word)}; take bash, zsh or fish`);
  });
}

function suggestKinds(suggest: Suggest): void {
  for (const name of Object.keys(kinds)) suggest(name, "");
}

function suggestFiles(suggest: Suggest, fits: (name: string, folder: boolean) => boolean): void {
  for (const entry of readdirSync(".", { withFileTypes: true })) {
    if (!entry.name.startsWith(".") && fits(entry.name, entry.isDirectory())) suggest(entry.name, "");
  }
}
