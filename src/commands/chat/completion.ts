import type { Completion } from "../../client/line-editor.ts";
import type { Conversation } from "./conversation.ts";
import { commandNames } from "./table.ts";

/**
 * What Tab offers for the word before the cursor: commands after `/` at the start of a line, rooms after `#`, else names;
 * a name at the start of a line is somebody spoken to.
 */
export function complete(chat: Conversation, before: string): Completion {
  const [word = ""] = /\S*$/.exec(before) ?? [];
  const first = word.length === before.length;
  if (first && word.startsWith("/")) return { word, choices: commandsLike(word.slice(1)) };
  if (word.startsWith("#")) return { word, choices: roomsLike(chat, word) };
  if (word === "") return { word, choices: [] };
  return { word, choices: chat.people.like(word).map((name) => `${name}${first ? ": " : " "}`) };
}

function commandsLike(start: string): readonly string[] {
  return commandNames.filter((name) => name.startsWith(start)).map((name) => `/${name} `);
}

function roomsLike(chat: Conversation, start: string): readonly string[] {
  return [...(chat.session?.rooms.keys() ?? [])].filter((room) => room.startsWith(start)).map((room) => `${room} `);
}
