#!/usr/bin/env bun
import { type Command, CommanderError } from "commander";
import { escapeText } from "./bytes/text.ts";
import * as ban from "./commands/ban.ts";
import * as bench from "./commands/bench.ts";
import * as chat from "./commands/chat.ts";
import * as completions from "./commands/completions.ts";
import * as echo from "./commands/echo.ts";
import * as get from "./commands/get.ts";
import * as kick from "./commands/kick.ts";
import * as ls from "./commands/ls.ts";
import * as mkdir from "./commands/mkdir.ts";
import * as mv from "./commands/mv.ts";
import * as put from "./commands/put.ts";
import * as rm from "./commands/rm.ts";
import * as run from "./commands/run.ts";
import * as serve from "./commands/serve.ts";
import * as status from "./commands/status.ts";
import * as types from "./commands/types.ts";
import * as unban from "./commands/unban.ts";
import * as user from "./commands/user.ts";
import * as version from "./commands/version.ts";
import { CommandError, Exit, type ExitCode } from "./exit.ts";
import { NeedyCommand } from "./needy-command.ts";
import { codeOf, errorOf } from "./thrown.ts";
import { VERSION } from "./version.ts";

const EXAMPLES = `
Examples:
  tincan serve                 open the doors on this machine
  tincan chat                  talk to everybody who is there
  nc 127.0.0.1 8423            the same, without tincan
  tincan get 127.0.0.1/a.txt   fetch a file
  tincan COMMAND --help        what a command can do
`;

/** The commands in the order of the help, by its headings. */
const GROUPS: readonly (readonly [heading: string, commands: readonly { register(program: Command): void }[]])[] = [
  ["Servers:", [serve, run]],
  ["Clients:", [chat, echo, bench]],
  ["Files:", [ls, get, put, rm, mkdir, mv]],
  ["Operations:", [status, kick, user, ban, unban]],
  ["Others:", [types, version]],
];

/** The whole command line; every command is a file of its own. */
async function commandLine(argv: readonly string[]): Promise<Command> {
  const program = new NeedyCommand("tincan")
    .description("Everyone on a network talks, trades files and is echoed, with the client they already have.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .configureHelp({
      // Choices and defaults are in the descriptions where they help, and every command has options.
      optionDescription: ({ description }) => description,
      argumentDescription: ({ description }) => description,
      argumentTerm: (argument) => argument.name().toUpperCase(),
      subcommandTerm: (command) => `${command.name()} ${command.usage().replace(/\[options\] ?/, "")}`.trimEnd(),
    })
    .exitOverride()
    // The sentence is printed once, in `main`, with the exit code that belongs to it.
    .configureOutput({ outputError: () => {} })
    .addHelpText("after", EXAMPLES);
  for (const [heading, commands] of GROUPS) {
    program.commandsGroup(heading);
    for (const command of commands) command.register(program);
  }
  await completions.register(program, argv);
  program.helpCommand("help [COMMAND]", "show the help of a command");
  return program;
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  const program = await commandLine(argv);
  if (argv.length === 0) {
    process.stderr.write(program.helpInformation());
    return Exit.usage;
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    return Exit.ok;
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return Exit.ok;
    // `tincan user` alone: its help was printed on stderr.
    if (error.code === "commander.help") return Exit.usage;
    return complain(Exit.usage, asSentence(error.message));
  }
  if (error instanceof CommandError) return complain(error.code, error.message);
  // Whoever read the output has seen enough (`tincan --help | head`).
  if (codeOf(error) === "EPIPE") return Exit.ok;
  const unwritten = whyUnwritten(error);
  if (unwritten !== null) return complain(Exit.failed, `what was to be printed cannot be written: ${unwritten}`);
  const { name, message, stack } = errorOf(error);
  const [, place] = /\(?([^\s()]+:\d+:\d+)\)?/.exec(stack ?? "") ?? [];
  return complain(
    Exit.software,
    `this is a defect of tincan's own: ${name}: ${message} (${place ?? "nobody knows where"})`,
  );
}

/** What the system says of a write to stdout or stderr (`tincan ls > /dev/full`); null for any other error. */
function whyUnwritten(error: unknown): string | null {
  if (!(error instanceof Error && "syscall" in error && error.syscall === "write") || "path" in error) return null;
  return /^[A-Z]+: (.*), write$/.exec(error.message)?.[1] ?? null;
}

/** Commander's own words, in the form of all other errors. */
function asSentence(message: string): string {
  return message
    .replace(/^error: /, "")
    .replace("\n(Did you", " (did you")
    .replace(/\.$/, "");
}

function complain(code: ExitCode, sentence: string): ExitCode {
  process.stderr.write(`tincan: ${escapeText(sentence)}\n`);
  return code;
}

// What nobody caught ends the process, unless a daemon takes these over once its doors are open.
for (const event of ["uncaughtException", "unhandledRejection"])
  process.on(event, (error) => process.exit(failed(error)));
process.exitCode = await main(process.argv.slice(2));
