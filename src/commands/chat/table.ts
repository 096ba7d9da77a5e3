import { quote } from "../../bytes/text.ts";
import { roomKey } from "../../chat/names.ts";
import type { ChatSession } from "../../client/chat/session.ts";
import { isRoomEvent, listOf, numberOf, textOf, textsOf } from "../../client/messages.ts";
import { ConnectionLost } from "../../client/wire.ts";
import { type SlashCommand, SlashCommands } from "../../slash-commands.ts";
import { type Conversation, NO_ROOM } from "./conversation.ts";
import { filesText } from "./files.ts";
import { allPages } from "./pages.ts";

/** What a command works on. */
interface Scene {
  readonly chat: Conversation;
  readonly session: ChatSession;
  /** The room that is looked at. */
  readonly room: string | null;
}

interface ChatCommand extends SlashCommand {
  run(scene: Scene, args: string): Promise<void> | void;
}

/** What /history shows when it is not told how much. */
const SHOWN = 20;

/** The commands of the line door, for a terminal. */
const commands: readonly ChatCommand[] = [
  {
    name: "nick",
    args: "NAME",
    async run({ chat, session }, name) {
      await session.ask("name", { name });
      chat.notice(`you are now called ${session.name}`);
    },
  },
  {
    name: "join",
    args: "ROOM",
    async run({ chat, session }, name) {
      const room = spelled(session, withMark(name));
      chat.room = session.rooms.has(room) ? room : await session.join(room);
      chat.notice(`you are in ${chat.room}`);
      await chat.meet(chat.room);
    },
  },
  {
    name: "leave",
    args: "[ROOM]",
    async run({ chat, session, room }, rest) {
      const left = spelled(session, roomOf(room, rest));
      await session.ask("part", { room: left });
      if (chat.room === left) chat.room = [...session.rooms.keys()].at(-1) ?? null;
      chat.notice(`you left ${left}${chat.room === null ? "" : `; you are in ${chat.room}`}`);
    },
  },
  {
    name: "rooms",
    args: "",
    async run({ chat, session }) {
      for (const room of await allPages(session, "rooms", (page) => listOf(page, "rooms"))) {
        const topic = textOf(room, "topic");
        const members = numberOf(room, "members") ?? 0;
        chat.notice(`${textOf(room, "room")} (${members})${topic === "" ? "" : `: ${topic}`}`);
      }
    },
  },
  {
    name: "who",
    args: "[ROOM]",
    async run({ chat, session, room }, rest) {
      const asked = roomOf(room, rest);
      const names = await allPages(session, "who", (page) => textsOf(page, "members"), { room: asked });
      chat.notice(`in ${asked}: ${names.join(", ")}`);
    },
  },
  {
    name: "msg",
    args: "NAME TEXT",
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
  {
    name: "me",
    args: "TEXT",
    run: ({ chat }, text) => chat.say("act", text),
  },
  {
    name: "topic",
    args: "[TEXT]",
    async run({ chat, session, room }, text) {
      const about = roomOf(room);
      const change = text === "" ? {} : { topic: text === "-" ? "" : text };
      const topic = textOf(await session.ask("topic", { room: about, ...change }), "topic");
      if (text === "") chat.notice(topic === "" ? `${about} has no topic` : `the topic of ${about} is: ${topic}`);
    },
  },
  {
    name: "history",
    args: "[COUNT]",
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
  {
    name: "search",
    args: "WORDS",
    async run({ chat, session, room }, text) {
      const answer = await session.ask("search", { room: roomOf(room), text, limit: SHOWN });
      const events = listOf(answer, "events").filter(isRoomEvent).toReversed();
      for (const event of events) chat.show({ event, own: false, body: null });
      chat.notice(foundText(events.length, numberOf(answer, "next") !== null));
    },
  },
  {
    name: "files",
    args: "[PATH] [PAGE]",
    async run({ chat, session }, path) {
      chat.notice(await filesText(session, path));
    },
  },
  {
    name: "ignore",
    args: "[NAME]",
    run({ chat }, name) {
      if (name === "") chat.notice(`you ignore ${chat.ignored.names.join(", ") || "nobody"}`);
      else if (chat.ignored.delete(name)) chat.notice(`you hear ${name} again`);
      else if (!chat.ignored.add(name))
        throw new Error(`${quote(name)} cannot be ignored: the name is too long, or your list is full`);
      else {
        const absent = chat.people.knows(name) ? "" : ", though nobody of that name was here";
        chat.notice(`you hear no more of ${name}${absent}; /ignore ${name} undoes it`);
      }
    },
  },
  { name: "help", args: "[COMMAND]", run: ({ chat }, name) => chat.notice(slash.help(name)) },
  { name: "quit", args: "", run: ({ session }) => session.leave() },
];

const slash = new SlashCommands(commands);

export const commandNames = slash.names;

/** Does what a typed line asks: a command, `//` for a line that starts with `/`, or something to say. */
export async function obey(chat: Conversation, line: string): Promise<void> {
  const { session } = chat;
  if (session === null || line.trim() === "") return;
  if (!line.startsWith("/")) return await chat.say("say", line);
  if (line.startsWith("//")) return await chat.say("say", line.slice(1));
  const read = slash.read(line);
  if (typeof read === "string") return chat.failed(new Error(read));
  try {
    await read.command.run({ chat, session, room: chat.room }, read.args);
  } catch (error) {
    chat.failed(error);
  }
}

function heading(count: number): string {
  if (count === 0) return "nothing was said yet";
  return count === 1 ? "the last message" : `the last ${count} messages`;
}

function foundText(count: number, more: boolean): string {
  const what = count === 0 ? "nothing was found" : count === 1 ? "1 message was found" : `${count} messages were found`;
  return more ? `${what}; there may be older ones` : what;
}

/** The room that a command names, or else the one that is looked at. */
function roomOf(room: string | null, named = ""): string {
  if (named !== "") return withMark(named);
  if (room === null) throw new Error(NO_ROOM);
  return room;
}

/** A room as it is called, if one is in it: the server takes any capitals. */
function spelled(session: ChatSession, room: string): string {
  const key = roomKey(room);
  return [...session.rooms.keys()].find((known) => roomKey(known) === key) ?? room;
}

/** A room's name; its `#` may be left out. */
function withMark(room: string): string {
  return room.startsWith("#") ? room : `#${room}`;
}

function firstWord(text: string): [word: string, rest: string] {
  const [word = ""] = /^\S*/.exec(text) ?? [];
  return [word, text.slice(word.length).trim()];
}
