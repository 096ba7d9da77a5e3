import { nearest } from "../../../../../src/nearest.ts";
import type { Strings } from "../text/strings.ts";
import type { Chat } from "./client.ts";
import { alike, isPrivate, titleOf } from "./state.ts";

/** What a command line of the page can do. */
export interface CommandHost {
  readonly chat: Chat;
  readonly text: Strings;
  /** Opens the search with these words. */
  search(words: string): void;
  /** Shows a folder of the share. */
  openFolder(path: string): void;
}

interface Command {
  /** What stands behind the name; what is not in brackets must be there. */
  readonly usage: string;
  /** The key of its description. */
  readonly help: keyof Strings["commandHelp"];
  /** The fewest words that must follow. */
  readonly words?: number;
  /** It is about a room, and means nothing where one talks to one person. */
  readonly roomOnly?: boolean;
  /** @param room the one that is shown */
  run(host: CommandHost, words: string, room: string): Promise<void> | void;
}

/** Every command, as the line door and `tincan chat` have them; the list that completes them is made of this. */
export const commands: Readonly<Record<string, Command>> = {
  nick: { usage: "NAME", help: "nick", words: 1, run: ({ chat }, words) => chat.rename(words) },
  join: { usage: "ROOM", help: "join", words: 1, run: ({ chat }, words) => chat.join(marked(words)) },
  leave: {
    usage: "[ROOM]",
    help: "leave",
    run: ({ chat }, words, room) => {
      if (words === "") return chat.part(room);
      const known = [...chat.state.value.rooms.keys()];
      return chat.part(alike(known, marked(words)) ?? alike(known, `@${words.replace(/^@/, "")}`) ?? marked(words));
    },
  },
  rooms: {
    usage: "",
    help: "rooms",
    run: async ({ chat, text }, _, room) => {
      const { rooms } = await chat.ask("rooms", {});
      chat.note(room, text.roomsAre(rooms.map((one) => `${one.room} (${one.members})`).join(", ")));
    },
  },
  who: {
    usage: "[ROOM]",
    help: "who",
    run: async ({ chat, text }, words, room) => {
      if (words === "" && isPrivate(room)) {
        chat.note(room, text.whoIsHere([titleOf(room), chat.state.value.name ?? ""].join(", ")));
        return;
      }
      const { members, next } = await chat.ask("who", { room: words === "" ? room : marked(words) });
      chat.note(room, text.whoIsHere(`${members.join(", ")}${next === null ? "" : " …"}`));
    },
  },
  msg: {
    usage: "NAME [TEXT]",
    help: "msg",
    words: 1,
    run: ({ chat }, words) => {
      const [, to = "", said = ""] = /^(\S+)\s*([\s\S]*)$/.exec(words) ?? [];
      const people = [...chat.state.value.rooms.values()].flatMap(({ members }) => members);
      const id = `@${alike(people, to) ?? to}`;
      chat.show(id);
      if (said !== "") chat.outbox.say(id, "tell", said);
    },
  },
  me: {
    usage: "TEXT",
    help: "me",
    words: 1,
    run: ({ chat }, words, room) => {
      if (isPrivate(room)) chat.outbox.say(room, "tell", `* ${words}`);
      else chat.outbox.say(room, "act", words);
    },
  },
  topic: {
    usage: "[TEXT]",
    help: "topic",
    roomOnly: true,
    run: async ({ chat, text }, words, room) => {
      if (words !== "") return chat.setTopic(room, words === "-" ? "" : words);
      const { topic } = await chat.ask("topic", { room });
      chat.note(room, topic === "" ? text.noTopic : topic);
    },
  },
  history: {
    usage: "",
    help: "history",
    roomOnly: true,
    run: async ({ chat, text }, _, room) => {
      const more = chat.state.value.rooms.get(room)?.more ?? false;
      await chat.older(room);
      chat.note(room, more ? text.olderAbove : text.allIsHere);
    },
  },
  search: { usage: "WORDS", help: "search", words: 1, roomOnly: true, run: (host, words) => host.search(words) },
  files: {
    usage: "[PATH]",
    help: "files",
    run: (host, words) => host.openFolder(`/${words.replace(/^\/+|\/+$/g, "")}`),
  },
  ignore: {
    usage: "[NAME]",
    help: "ignore",
    run: ({ chat, text }, name, room) => {
      const { ignored } = chat.state.value;
      if (name === "") chat.note(room, text.ignoredAre(ignored.join(", ")));
      else if (chat.ignore(name)) chat.note(room, text.ignoring(name));
      else chat.note(room, text.hearing(name));
    },
  },
  help: {
    usage: "[COMMAND]",
    help: "help",
    run: ({ chat, text }, words, room) => {
      const wanted = words === "" ? null : parseTyped(`/${words.replace(/^\//, "")}`);
      if (wanted?.kind === "unknown") chat.note(room, text.unknownCommand(wanted.name, wanted.guess), "bad");
      const found = wanted === null || !("name" in wanted) ? Object.keys(commands) : [wanted.name];
      const lines = found.map((name) => helpFor(name, text)).filter((line) => line !== "");
      if (lines.length > 0) chat.note(room, [...lines, ...(wanted === null ? [text.slashHelp] : [])].join("\n"));
    },
  },
  quit: { usage: "", help: "quit", run: ({ chat }) => chat.leave() },
};

/** Names that other programs have for the same. */
const ALIASES: Readonly<Record<string, string>> = { name: "nick", part: "leave", names: "who", exit: "quit" };

/** `/nick NAME — take another name`; "" where there is no such command. */
export function helpFor(name: string, text: Strings): string {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) return "";
  return `/${`${name} ${command.usage}`.trim()} — ${text.commandHelp[command.help]}`;
}

/** A room's name with its mark, which may be left out. */
function marked(room: string): string {
  return room.startsWith("#") ? room : `#${room}`;
}

/** What was typed, as it is to be done: said as it is, `//` for a text that begins with a slash, or a command. */
export type Typed =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "run"; readonly name: string; readonly command: Command; readonly words: string }
  /** Words are missing behind it. */
  | { readonly kind: "short"; readonly name: string }
  /** `guess`: the command that was probably meant. */
  | { readonly kind: "unknown"; readonly name: string; readonly guess: string | null };

export function parseTyped(typed: string): Typed {
  if (!typed.startsWith("/")) return { kind: "say", text: typed };
  if (typed.startsWith("//")) return { kind: "say", text: typed.slice(1) };
  const [, given = "", rest = ""] = /^\/(\S*)\s*([\s\S]*)$/.exec(typed) ?? [];
  const low = given.toLowerCase();
  const name = (Object.hasOwn(ALIASES, low) ? ALIASES[low] : undefined) ?? low;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) return { kind: "unknown", name: given, guess: nearest(given, Object.keys(commands)) };
  const words = rest.trim();
  const count = words === "" ? 0 : words.split(/\s+/).length;
  return count < (command.words ?? 0) ? { kind: "short", name } : { kind: "run", name, command, words };
}
