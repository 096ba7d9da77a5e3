import { type SlashCommand, SlashCommands } from "../../src/slash-commands.ts";
import { files } from "./files.ts";
import { history, search } from "./past.ts";
import { join, leave, rooms, topic, who } from "./rooms.ts";
import { ignore, me, msg, nick } from "./talking.ts";
import type { Typist } from "./typist.ts";

export interface LineCommand extends SlashCommand {
  run(typist: Typist, args: string): void | Promise<void>;
}

/** Every command of the line door. */
export const commands: readonly LineCommand[] = [
  { name: "nick", args: "NAME", run: nick },
  { name: "join", args: "ROOM", run: join },
  { name: "leave", args: "[ROOM]", run: leave },
  { name: "rooms", args: "[PAGE]", run: rooms },
  { name: "who", args: "[ROOM]", run: who },
  { name: "msg", args: "NAME TEXT", run: msg },
  { name: "me", args: "TEXT", run: me },
  { name: "topic", args: "[TEXT]", run: topic },
  { name: "history", args: "[COUNT]", run: history },
  { name: "search", args: "WORDS", run: search },
  { name: "files", args: "[PATH] [PAGE]", run: files },
  { name: "ignore", args: "[NAME]", run: ignore },
  { name: "help", args: "[COMMAND]", run: (typist, name) => typist.tell(slash.help(name)) },
  { name: "quit", args: "[WORDS]", run: (typist, words) => typist.quit(words) },
];

const slash = new SlashCommands(commands);

/** Runs a line that starts with a slash. */
export function runCommand(typist: Typist, line: string): void | Promise<void> {
  const read = slash.read(line);
  return typeof read === "string" ? typist.tell(read) : read.command.run(typist, read.args);
}
