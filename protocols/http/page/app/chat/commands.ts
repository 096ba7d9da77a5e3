import type { Strings } from "../text/strings.ts";
import { alike, type Chat } from "./client.ts";
import { isPrivate } from "./state.ts";

/** What a command line of the page can do. */
export interface CommandHost {
  readonly chat: Chat;
  readonly text: Strings;
  /** Opens the search with these words. */
  search(words: string): void;
}

interface Command {
  /** What stands behind the name, for the list of commands. */
  readonly usage: string;
  /** The key of its description. */
  readonly help: keyof Strings["commandHelp"];
  /** @param room the one that is shown */
  run(host: CommandHost, words: string, room: string): Promise<void> | void;
}

/** Every command; the list that completes them is made of this. */
export const commands: Readonly<Record<string, Command>> = {
  join: {
    usage: "#room",
    help: "join",
    run: ({ chat }, words) => chat.join(marked(words)),
  },
  part: {
    usage: "[#room]",
    help: "part",
    run: ({ chat }, words, room) => chat.part(words === "" ? room : marked(words)),
  },
  name: { usage: "name", help: "name", run: ({ chat }, words) => chat.rename(words) },
  me: {
    usage: "…",
    help: "me",
    run: ({ chat }, words, room) => {
      if (isPrivate(room)) chat.outbox.say(room, "tell", `* ${words}`);
      else chat.outbox.say(room, "act", words);
    },
  },
  topic: {
    usage: "[…]",
    help: "topic",
    run: async ({ chat, text }, words, room) => {
      if (words !== "") return chat.setTopic(room, words === "-" ? "" : words);
      const { topic } = await chat.ask("topic", { room });
      chat.note(room, topic === "" ? text.noTopic : topic);
    },
  },
  msg: {
    usage: "name …",
    help: "msg",
    run: ({ chat }, words) => {
      const [, to = "", said = ""] = /^(\S+)\s*([\s\S]*)$/.exec(words) ?? [];
      if (to === "") return;
      const people = [...chat.state.value.rooms.values()].flatMap(({ members }) => members);
      const id = `@${alike(people, to) ?? to}`;
      chat.show(id);
      if (said !== "") chat.outbox.say(id, "tell", said);
    },
  },
  who: {
    usage: "",
    help: "who",
    run: async ({ chat, text }, _, room) => {
      if (isPrivate(room)) return;
      const { members, next } = await chat.ask("who", { room });
      chat.note(room, text.whoIsHere(`${members.join(", ")}${next === null ? "" : " …"}`));
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
  search: { usage: "…", help: "search", run: (host, words) => host.search(words) },
  help: {
    usage: "",
    help: "help",
    run: ({ chat, text }, _, room) => {
      const lines = Object.entries(commands).map(([name, { usage, help }]) => {
        return `/${`${name} ${usage}`.trim()} — ${text.commandHelp[help]}`;
      });
      chat.note(room, lines.join("\n"));
    },
  },
};

/** A room's name with its mark, which may be left out. */
function marked(room: string): string {
  return /^[#@]/.test(room) ? room : `#${room}`;
}

/** What was typed, as it is to be done: said as it is, `//` for a text that begins with a slash, or a command. */
export type Typed =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "run"; readonly command: Command; readonly words: string }
  | { readonly kind: "unknown"; readonly name: string };

export function parseTyped(typed: string): Typed {
  if (!typed.startsWith("/")) return { kind: "say", text: typed };
  if (typed.startsWith("//")) return { kind: "say", text: typed.slice(1) };
  const [, name = "", words = ""] = /^\/(\S*)\s*([\s\S]*)$/.exec(typed) ?? [];
  const key = name.toLowerCase();
  const command = Object.hasOwn(commands, key) ? commands[key] : undefined;
  return command === undefined ? { kind: "unknown", name } : { kind: "run", command, words: words.trim() };
}
