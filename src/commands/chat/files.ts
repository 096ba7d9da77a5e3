import { shellWord } from "../../bytes/shell.ts";
import type { ChatSession } from "../../client/chat/session.ts";
import type { Endpoint } from "../../client/endpoint.ts";
import { type Fields, isFields, listOf, numberOf, textOf } from "../../client/messages.ts";
import type { Trust } from "../../client/trust.ts";
import { type Folder, fileInWords, folderInWords, type Listed, MOST_SHOWN, shownBefore } from "../../files/in-words.ts";
import { findTyped } from "../../files/typed-path.ts";
import type { Reach } from "../../files/ways.ts";

/** Entries that are asked for at once; how many there are beyond is not counted. */
const PAGE = 500;

/** What `/files` shows: a folder, or a file, and how to get it. Rejects with the server's own words when it refuses. */
export async function filesText(session: ChatSession, typed: string): Promise<string> {
  const reach = reachOf(session.endpoint);
  const { path, page, entry } = await findTyped(typed, async (path) => (await session.ask("stat", { path }))["entry"]);
  const found = listed(isFields(entry) ? entry : {});
  if (found.type === "file") return fileInWords(path, found, Date.now(), reach);
  return folderInWords(await look(session, path, page), Date.now(), reach);
}

/** As this very client has reached it. */
function reachOf({ target, trust, login }: Endpoint): Reach {
  const { host, port } = target;
  return {
    ...{ host, framed: port, ftp: null, http: null },
    ...(trust !== null && { tls: trustFlags(trust) }),
    ...(login !== null && { user: login.user }),
  };
}

function trustFlags({ fingerprint, insecure, ca }: Trust): string {
  if (fingerprint !== null) return `--tls --fingerprint ${shellWord(fingerprint)}`;
  if (insecure) return "--tls --insecure";
  return ca === null ? "--tls" : "--tls --ca FILE";
}

/** The entries of a page, and how many there are as far as they were asked for. */
async function look(session: ChatSession, path: string, page: number): Promise<Folder> {
  const before = shownBefore(page);
  const entries: Listed[] = [];
  let count = 0;
  let after = "";
  do {
    const answer = await session.ask("list", { path, limit: PAGE, ...(after === "" ? {} : { after }) });
    const batch = listOf(answer, "entries").map(listed);
    const begin = Math.max(0, before - count);
    entries.push(...batch.slice(begin, begin + MOST_SHOWN - entries.length));
    count += batch.length;
    after = textOf(answer, "next");
  } while (after !== "" && count <= before + MOST_SHOWN);
  return { path, entries, page, count, more: after !== "" };
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
