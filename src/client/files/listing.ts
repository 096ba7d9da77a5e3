import { quote } from "../../bytes/text.ts";
import type { FilesConnection } from "./connection.ts";
import { type RemoteEntry, readEntry } from "./entry.ts";
import { Untrustworthy } from "./trouble.ts";

/** Pages of one folder before a server is taken for one that never ends: the largest folders have some ten million files. */
const MOST_PAGES = 100_000;

/** So many entries of one folder are kept in memory. */
const MOST_ENTRIES = 2_000_000;

/** What a folder holds. */
export interface RemoteFolder {
  readonly entries: readonly RemoteEntry[];
  /** The same for the same folder, whatever path led to it; null where the server does not say. */
  readonly id: string | null;
}

/** A folder's entries, page by page as the server sends them. Rejects with Refused, Passing or Untrustworthy. */
export async function* listPages(conn: FilesConnection, path: string): AsyncGenerator<readonly RemoteEntry[]> {
  for await (const { entries } of pages(conn, path)) yield entries;
}

async function* pages(conn: FilesConnection, path: string): AsyncGenerator<RemoteFolder> {
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await conn.ask("list", { path, folder: true, ...(after !== null && { after }) });
    const { entries, next, folder } = answer;
    if (!Array.isArray(entries)) throw new Untrustworthy("the server's list is none");
    yield { entries: entries.map(readEntry), id: typeof folder === "string" ? folder : null };
    if (typeof next !== "string") return;
    if (next === after) break;
    after = next;
  }
  throw new Untrustworthy(`the server's list of ${quote(path)} does not end`);
}

/** A whole folder, sorted by name. Rejects as {@link listPages}, and when it has more than two million entries. */
export async function listAll(conn: FilesConnection, path: string): Promise<RemoteFolder> {
  const all: RemoteEntry[] = [];
  let folder: string | null = null;
  for await (const { entries, id } of pages(conn, path)) {
    folder = id;
    all.push(...entries);
    if (all.length > MOST_ENTRIES) throw new Untrustworthy(`${quote(path)} has more than ${MOST_ENTRIES} entries`);
  }
  return { entries: all, id: folder };
}

export async function statPath(conn: FilesConnection, path: string): Promise<RemoteEntry> {
  return readEntry((await conn.ask("stat", { path }))["entry"]);
}
