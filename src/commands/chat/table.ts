import { quote } from "../../bytes/text.ts";
import type { ChatSession } from "../../client/chat/session.ts";
import { isRoomEvent, listOf, numberOf, textOf, textsOf } from "../../client/messages.ts";
import { ConnectionLost } from "../../client/wire.ts";
import { nearest } from "../../nearest.ts";
import { type Conversation, NO_ROOM } from "./conversation.ts";
import { filesText } from "./files.ts";
import { allPages } from "./pages.ts";

/** What a command works on. */
export interface Scene {
  readonly chat: Conversation;
  readonly session: ChatSession;
  /** The room that is looked at. */
  readonly room: string | null;
}

export interface Row {
  /** What follows the command: `NAME`, `[#ROOM]`. */
  readonly usage: string;
  readonly help: string;
  /** The fewest words that must follow. */
  readonly words?: number;
  run(scene: Scene, rest: string): Promise<void> | void;
}

/** What /history shows when it is not told how much. */
const SHOWN = 20;

/** The commands of the line door, for a terminal. */
export const commands: Readonly<Record<string, Row>> = {
  nick: {
    usage: "NAME",
    help: "take another name",
    words: 1,
    async run({ chat, session }, name) {
      await session.ask("name", { name });
      chat.notice(`you are now called ${session.name}`);
    },
  },
  join: {
    usage: "ROOM",
    help: "come into a room and talk there",
    words: 1,
    async run({ chat, session }, name) {
      const room = withMark(name);
      chat.room = session.rooms.has(room) ? room : await session.join(room);
      chat.notice(`you are in ${chat.room}`);
      await chat.meet(chat.room);
    },
  },
  leave: {
    usage: "[ROOM]",
    help: "leave this room, or another",
    async run({ chat, session, room }, rest) {
      const left = roomOf(room, rest);
      await session.ask("part", { room: left });
      if (chat.room === left) chat.room = [...session.rooms.keys()].at(-1) ?? null;
      chat.notice(`you left ${left}${chat.room === null ? "" : `; you are in ${chat.room}`}`);
    },
  },
  rooms: {
    usage: "",
    help: "list the rooms",
    async run({ chat, session }) {
      for (const room of await allPages(session, "rooms", (page) => listOf(page, "rooms"))) {
        const topic = textOf(room, "topic");
        const members = numberOf(room, "members") ?? 0;
        chat.notice(`${textOf(room, "room")} (${members})${topic === "" ? "" : `: ${topic}`}`);
      }
    },
  },
  who: {
    usage: "[ROOM]",
    help: "list who is in this room, or in another",
    async run({ chat, session, room }, rest) {
      const asked = roomOf(room, rest);
      const names = await allPages(session, "who", (page) => textsOf(page, "members"), { room: asked });
      chat.notice(`in ${asked}: ${names.join(", ")}`);
    },
  },
  msg: {
    usage: "NAME TEXT",
    help: "say something to one person alone",
    words: 2,
    async run({ chat, session }, rest) {
      const [to, text] = firstWord(rest);
      const answer = await session.ask("tell", { to, text }).catch((error: unknown) => {
        throw error instanceof ConnectionLost
          ? new ConnectionLost(`${to} may not have got this: ${quote(text)}`)
          : error;
      });
      const event = { event: "private", from: session.name, to, text, time: textOf(answer, "time") };
      chat.show({ event, own: true, body: null });
    },
  },
  me: {
    usage: "TEXT",
    help: "say what you do: /me waves",
    words: 1,
    run: ({ chat }, text) => chat.say("act", text),
  },
  topic: {
    usage: "[TEXT]",
    help: "show or set the topic of this room; - clears it",
    async run({ chat, session, room }, text) {
      const about = roomOf(room);
      const change = text === "" ? {} : { topic: text === "-" ? "" : text };
      const topic = textOf(await session.ask("topic", { room: about, ...change }), "topic");
      if (text === "") chat.notice(topic === "" ? `${about} has no topic` : `the topic of ${about} is: ${topic}`);
    },
  },
  history: {
    usage: "[COUNT]",
    help: "show what was said here before",
    async run({ chat, session, room }, rest) {
      const limit = rest === "" ? SHOWN : Number(rest);
      if (!Number.isSafeInteger(limit) || limit < 1) throw new Error(`${quote(rest)} is not a number of messages`);
      const answer = await session.ask("history", { room: roomOf(room), limit });
      const events = listOf(answer, "events").filter(isRoomEvent);
      chat.notice(heading(events.length));
      for (const event of events) chat.show({ event, own: false, body: null });
      if (events.length > 0) chat.notice("that was the history");
    },
  },
  search: {
    usage: "WORDS",
    help: "show what was said here with these words in it",
    words: 1,
    async run({ chat, session, room }, text) {
      const answer = await session.ask("search", { room: roomOf(room), text, limit: SHOWN });
      const events = listOf(answer, "events").filter(isRoomEvent).toReversed();
      for (const event of events) chat.show({ event, own: false, body: null });
      chat.notice(foundText(events.length, numberOf(answer, "next") !== null));
    },
  },
  files: {
    usage: "[PATH] [PAGE]",
    help: "list the files that are shared, and how to get them",
    async run({ chat, session }, path) {
      chat.notice(await filesText(session, path));
    },
  },
  ignore: {
    usage: "[NAME]",
    help: "hear no more of somebody, or hear them again",
    run({ chat }, name) {
      if (name === "") chat.notice(`you ignore ${[...chat.ignored].join(", ") || "nobody"}`);
      else if (chat.ignored.delete(name)) chat.notice(`you hear ${name} again`);
      else {
        chat.ignored.add(name);
        const absent = chat.people.knows(name) ? "" : ", though nobody of that name was here";
        chat.notice(`you hear no more of ${name}${absent}; /ignore ${name} undoes it`);
      }
    },
  },
  help: {
    usage: "",
    help: "show this list",
    run({ chat }) {
      const rows = Object.entries(commands).map(([name, { usage, help }]) => [`/${name} ${usage}`, help] as const);
      const width = Math.max(...rows.map(([usage]) => usage.length));
      for (const [usage, help] of [...rows, ["//TEXT", "say a line that starts with /"] as const]) {
        chat.notice(`${usage.padEnd(width)}  ${help}`);
      }
    },
  },
  quit: { usage: "", help: "leave the chat", run: ({ session }) => session.leave() },
};

/** Does what a typed line asks: a command, `//` for a line that starts with `/`, or something to say. */
export async function obey(chat: Conversation, line: string): Promise<void> {
  const { session } = chat;
  if (session === null || line.trim() === "") return;
  if (!line.startsWith("/")) return await chat.say("say", line);
  if (line.startsWith("//")) return await chat.say("say", line.slice(1));
  const [name, rest] = firstWord(line.slice(1));
  try {
    await rowOf(name, rest).run({ chat, session, room: chat.room }, rest);
  } catch (error) {
    chat.failed(error);
  }
}

function rowOf(name: string, rest: string): Row {
  const known = name.toLowerCase();
  const row = Object.hasOwn(commands, known) ? commands[known] : undefined;
  if (row === undefined) throw new Error(unknown(name));
  const given = rest === "" ? 0 : rest.split(/\s+/).length;
  if (given < (row.words ?? 0)) throw new Error(`/${known} ${row.usage}: ${row.help}`);
  return row;
}

function heading(count: number): string {
  if (count === 0) return "nothing was said yet";
  return count === 1 ? "the last message" : `the last ${count} messages`;
}

function foundText(count: number, more: boolean): string {
  const what = count === 0 ? "nothing was found" : count === 1 ? "1 message was found" : `${count} messages were found`;
  return more ? `${what}; there may be older ones` : what;
}

function unknown(name: string): string {
  const guess = nearest(name, Object.keys(commands));
  const hint = guess === null ? "/help lists the commands" : `did you mean /${guess}?`;
  return `there is no command ${quote(`/${name}`)}; ${hint}`;
}

/** The room that a command names, or else the one that is looked at. */
function roomOf(room: string | null, named = ""): string {
  if (named !== "") return withMark(named);
  if (room === null) throw new Error(NO_ROOM);
  return room;
}

/** A room's name; its `#` may be left out. */
function withMark(room: string): string {
  return room.startsWith("#") ? room : `#${room}`;
}

function firstWord(text: string): [word: string, rest: string] {
  const [word = ""] = /^\S*/.exec(text) ?? [];
  return [word, text.slice(word.length).trim()];
}
