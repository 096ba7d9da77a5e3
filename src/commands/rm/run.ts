import { quote } from "../../bytes/text.ts";
import { joinPath, parseAddress } from "../../client/files/address.ts";
import type { FilesConnection } from "../../client/files/connection.ts";
import { type Found, find } from "../../client/files/find.ts";
import { listAll } from "../../client/files/listing.ts";
import { localName } from "../../client/files/name.ts";
import { LocalTrouble } from "../../client/files/trouble.ts";
import { CommandError, Exit } from "../../exit.ts";
import { talk } from "../files/talking.ts";
import type { RemoveFlags } from "../rm.ts";
import { type Removals, removalsFor } from "./print.ts";

/** Deletes what the arguments name, and tells of each thing that is gone. @throws CommandError when anything failed */
export async function remove(texts: readonly string[], flags: RemoveFlags): Promise<void> {
  const addresses = texts.map((text) => parseAddress(text, flags.tls === true));
  for (const { path } of addresses) {
    if (path === "/") throw new CommandError(Exit.usage, "name what to delete; the whole of a server is not deleted");
  }
  const removals = removalsFor(flags, process.stdout);
  await talk(flags, "deleted", addresses, async (conn, address) => {
    try {
      for (const found of await find(conn, address)) await removeOne(conn, found, flags.recursive === true, removals);
    } catch (error) {
      removals.failed(address.path, error);
      throw error;
    }
  });
}

async function removeOne(
  conn: FilesConnection,
  { path, entry }: Found,
  recursive: boolean,
  removals: Removals,
): Promise<void> {
  if (entry.type === "dir" && !recursive) {
    throw new LocalTrouble(`${quote(path, 200)} is a folder; add -r to delete it with all that is in it`);
  }
  if (entry.type === "dir") return await removeTree(conn, path, removals);
  await conn.ask("remove", { path });
  removals.gone(path, "file");
}

/** Removes all in a folder before the folder itself. Without recursion, because trees may be deep. */
async function removeTree(conn: FilesConnection, root: string, removals: Removals): Promise<void> {
  const stack: { readonly path: string; readonly isEmpty: boolean }[] = [{ path: root, isEmpty: false }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { path } = top;
    if (top.isEmpty) {
      await conn.ask("remove", { path });
      removals.gone(path, "dir");
      continue;
    }
    stack.push({ path, isEmpty: true });
    for (const { name, type } of await listAll(conn, path)) {
      const below = joinPath(path, localName(name));
      if (type === "dir") stack.push({ path: below, isEmpty: false });
      else {
        await conn.ask("remove", { path: below });
        removals.gone(below, "file");
      }
    }
  }
}
