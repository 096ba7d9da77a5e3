import { quote } from "./bytes/text.ts";
import { nearest } from "./nearest.ts";

/** What `/help` says of each command, wherever people type them. */
export const commandHelp = {
  nick: "take another name",
  join: "come into a room and talk there",
  leave: "leave this room, or another",
  rooms: "list the rooms",
  who: "list who is in this room, or in another",
  msg: "say something to one person alone",
  me: "say what you do: /me waves",
  topic: "show or set the topic of this room; - clears it",
  history: "show what was said here before",
  search: "show what was said here with these words in it",
  files: "list the files that are shared, and how to get them",
  ignore: "hear no more of somebody, or hear them again",
  help: "explain a command, or list them all",
  quit: "leave the chat",
} as const;

/** A command that people type behind a slash. */
export interface SlashCommand {
  readonly name: keyof typeof commandHelp;
  /** `NAME [TEXT]`; what is not in brackets must be there. */
  readonly args: string;
}

/** What may be typed behind a slash. All sentences are safe for a terminal. */
export class SlashCommands<C extends SlashCommand> {
  private readonly byName: ReadonlyMap<string, C>;

  constructor(private readonly all: readonly C[]) {
    this.byName = new Map(all.map((command) => [command.name, command]));
  }

  get names(): readonly string[] {
    return this.all.map(({ name }) => name);
  }

  /** The command of a line that begins with a slash, and what stands behind it; a sentence when it cannot be run. */
  read(line: string): { readonly command: C; readonly args: string } | string {
    const [, name = "", rest = ""] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? [];
    const command = this.byName.get(name.toLowerCase());
    if (command === undefined) return this.unknown(name);
    const args = rest.trimEnd();
    return countWords(args) < required(command) ? explain(command) : { command, args };
  }

  /** What a command does, whose name may have its slash, or, where none is named, what all of them do, a line each. */
  help(named: string): string {
    const name = named.replace(/^\//, "");
    if (name !== "") {
      const command = this.byName.get(name.toLowerCase());
      return command === undefined ? this.unknown(name) : explain(command);
    }
    const width = Math.max(...this.all.map((command) => usage(command).length));
    const lines = this.all.map((command) => `${usage(command).padEnd(width)}  ${commandHelp[command.name]}`);
    return [...lines, "everything else you type is said; // says a line that starts with a slash"].join("\n");
  }

  private unknown(name: string): string {
    const guess = nearest(name, this.names);
    const hint = guess === null ? "/help lists the commands" : `did you mean /${guess}?`;
    return `there is no command ${quote(`/${name}`)}; ${hint}`;
  }
}

function explain(command: SlashCommand): string {
  return `${usage(command)}: ${commandHelp[command.name]}`;
}

function usage({ name, args }: SlashCommand): string {
  return args === "" ? `/${name}` : `/${name} ${args}`;
}

function required({ args }: SlashCommand): number {
  return args.split(" ").filter((arg) => arg !== "" && !arg.startsWith("[")).length;
}

function countWords(text: string): number {
  return text === "" ? 0 : text.split(/\s+/).length;
}
