import type { ChatSession } from "../../client/chat/session.ts";
import { type Fields, isFields, listOf, numberOf, textOf } from "../../client/messages.ts";
import { fileInWords, folderInWords, type Listed, typedPath } from "../../files/in-words.ts";

/** Entries of a folder that are counted; of a larger one it is only told that there are more. */
const MOST_COUNTED = 500;

/** What `/files` shows: a folder, or a file, and how to get it. Rejects with the server's own words when it refuses. */
export async function filesText(session: ChatSession, typed: string): Promise<string> {
  const path = typedPath(typed);
  const { host, port } = session.target;
  const reach = { host, framed: port, ftp: null };
  const { entry } = await session.ask("stat", { path });
  const found = listed(isFields(entry) ? entry : {});
  if (found.type === "file") return fileInWords(path, found, Date.now(), reach);
  const answer = await session.ask("list", { path, limit: MOST_COUNTED });
  const entries = listOf(answer, "entries").map(listed);
  const more = textOf(answer, "next") !== "";
  return folderInWords({ path, entries, count: entries.length, more }, Date.now(), reach);
}

/** An entry as the wire has it, read without trust. */
function listed(entry: Fields): Listed {
  const type = textOf(entry, "type") === "dir" ? "dir" : "file";
  return {
    name: textOf(entry, "name"),
    type,
    size: numberOf(entry, "size") ?? 0,
    mtime: numberOf(entry, "mtime") ?? 0,
  };
}
