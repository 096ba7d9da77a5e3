import { quote } from "../../bytes/text.ts";
import { Refused } from "../messages.ts";
import { type Address, joinPath } from "./address.ts";
import type { FilesConnection } from "./connection.ts";
import type { RemoteEntry } from "./entry.ts";
import { nameMatcher } from "./glob.ts";
import { listPages, statPath } from "./listing.ts";
import { localName } from "./name.ts";

/** Something on the server that a path or pattern means. */
export interface Found {
  readonly path: string;
  readonly entry: RemoteEntry;
}

/**
 * What a path means: the file or folder of that name or, where there is none and the path has wildcards, all that fit.
 * So a name that has wildcards in it can be named at all, and who names it never gets others besides. Rejects with Refused
 * when nothing fits.
 */
export async function find(
  conn: FilesConnection,
  { path, pattern }: Pick<Address, "path" | "pattern">,
): Promise<readonly Found[]> {
  try {
    return [{ path, entry: await statPath(conn, path) }];
  } catch (error) {
    if (!(error instanceof Refused) || pattern === null) throw error;
  }
  let found: readonly Found[] = [{ path: "/", entry: { name: "", type: "dir", size: 0, mtime: 0 } }];
  for (const part of pattern.split("/").slice(1)) {
    const next: Found[] = [];
    for (const folder of found) if (folder.entry.type === "dir") next.push(...(await fitting(conn, folder, part)));
    found = next;
  }
  if (found.length === 0) throw new Refused("not-found", `nothing fits ${quote(path)}`);
  return found;
}

async function fitting(conn: FilesConnection, folder: Found, part: string): Promise<Found[]> {
  const fits = nameMatcher(part);
  const found: Found[] = [];
  for await (const page of listPages(conn, folder.path)) {
    for (const entry of page) {
      if (fits(entry.name)) found.push({ path: joinPath(folder.path, localName(entry.name)), entry });
    }
  }
  return found;
}
