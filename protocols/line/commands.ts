import { quote } from "../../src/bytes/text.ts";
import { nearest } from "../../src/nearest.ts";
import { files } from "./files.ts";
import { history, search } from "./past.ts";
import { join, leave, rooms, topic, who } from "./rooms.ts";
import { ignore, me, msg, nick } from "./talking.ts";
import type { Typist } from "./typist.ts";

/** A command as the help shows it and as it is checked before it runs. */
export interface LineCommand {
  readonly name: string;
  /** `NAME [TEXT]`; what is not in brackets must be there. */
  readonly args: string;
  readonly help: string;
  run(typist: Typist, args: string): void | Promise<void>;
}

/** Every command of the line door. */
export const commands: readonly LineCommand[] = [
  { name: "nick", args: "NAME", help: "take another name", run: nick },
  { name: "join", args: "ROOM", help: "come into a room and talk there", run: join },
  { name: "leave", args: "[ROOM]", help: "leave this room, or another", run: leave },
  { name: "rooms", args: "[PAGE]", help: "list the rooms", run: rooms },
  { name: "who", args: "[ROOM]", help: "list who is in this room, or in another", run: who },
  { name: "msg", args: "NAME TEXT", help: "say something to one person alone", run: msg },
  { name: "me", args: "TEXT", help: "say what you do: /me waves", run: me },
  { name: "topic", args: "[TEXT]", help: "show or set the topic of this room; - clears it", run: topic },
  { name: "history", args: "[COUNT]", help: "show what was said here before", run: history },
  { name: "search", args: "WORDS", help: "show what was said here with these words in it", run: search },
  { name: "files", args: "[PATH] [PAGE]", help: "list the files that are shared, and how to get them", run: files },
  { name: "ignore", args: "[NAME]", help: "hear no more of somebody, or hear them again", run: ignore },
  { name: "help", args: "[COMMAND]", help: "explain a command, or list them all", run: help },
  { name: "quit", args: "[WORDS]", help: "leave the chat", run: (typist, words) => typist.quit(words) },
];

const byName: ReadonlyMap<string, LineCommand> = new Map(commands.map((command) => [command.name, command]));

/** Runs a line that starts with a slash. */
export function runCommand(typist: Typist, line: string): void | Promise<void> {
  const [, word = "", rest = ""] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? [];
  const command = byName.get(word.toLowerCase());
  if (command === undefined) return typist.tell(unknown(word));
  const args = rest.trimEnd();
  if (countWords(args) < required(command)) return typist.tell(`${usage(command)}: ${command.help}`);
  return command.run(typist, args);
}

function help(typist: Typist, name: string): void {
  if (name !== "") {
    const word = name.replace(/^\//, "");
    const command = byName.get(word.toLowerCase());
    typist.tell(command === undefined ? unknown(word) : `${usage(command)}: ${command.help}`);
    return;
  }
  const width = Math.max(...commands.map((command) => usage(command).length));
  const lines = commands.map((command) => `${usage(command).padEnd(width)}  ${command.help}`);
  typist.tell([...lines, "everything else you type is said; // says a line that starts with a slash"].join("\n"));
}

function usage({ name, args }: LineCommand): string {
  return args === "" ? `/${name}` : `/${name} ${args}`;
}

function unknown(word: string): string {
  const names = commands.map(({ name }) => name);
  const guess = nearest(word, names);
  const hint = guess === null ? "/help lists the commands" : `did you mean /${guess}?`;
  return `there is no command ${quote(`/${word}`)}; ${hint}`;
}

function required({ args }: LineCommand): number {
  return args.split(" ").filter((arg) => arg !== "" && !arg.startsWith("[")).length;
}

function countWords(text: string): number {
  return text === "" ? 0 : text.split(/\s+/).length;
}
