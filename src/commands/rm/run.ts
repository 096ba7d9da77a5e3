import { quote } from "../../bytes/text.ts";
import { joinPath, parseAddress } from "../../client/files/address.ts";
import type { FilesConnection } from "../../client/files/connection.ts";
import { find } from "../../client/files/find.ts";
import { listAll } from "../../client/files/listing.ts";
import { localName } from "../../client/files/name.ts";
import { LocalTrouble } from "../../client/files/trouble.ts";
import { CommandError, Exit } from "../../exit.ts";
import type { ReachFlags } from "../files/reach.ts";
import { talk } from "../files/talking.ts";

/** Deletes what the arguments name. @throws CommandError when anything failed */
export async function remove(
  texts: readonly string[],
  flags: ReachFlags & { readonly recursive?: true },
): Promise<void> {
  const addresses = texts.map((text) => parseAddress(text, flags.tls === true));
  for (const { path } of addresses) {
    if (path === "/") throw new CommandError(Exit.usage, "name what to delete; the whole of a server is not deleted");
  }
  await talk(flags, "deleted", addresses, async (conn, { path: pattern }) => {
    for (const { path, entry } of await find(conn, pattern)) {
      if (entry.type === "file") await conn.ask("remove", { path });
      else if (flags.recursive) await removeTree(conn, path);
      else throw new LocalTrouble(`${quote(path, 200)} is a folder; add -r to delete it with all that is in it`);
    }
  });
}

/** Removes all in a folder before the folder itself. Without recursion, because trees may be deep. */
async function removeTree(conn: FilesConnection, root: string): Promise<void> {
  const stack: { readonly path: string; readonly isEmpty: boolean }[] = [{ path: root, isEmpty: false }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { path } = top;
    if (top.isEmpty) {
      await conn.ask("remove", { path });
      continue;
    }
    stack.push({ path, isEmpty: true });
    for (const { name, type } of await listAll(conn, path)) {
      const below = joinPath(path, localName(name));
      if (type === "dir") stack.push({ path: below, isEmpty: false });
      else await conn.ask("remove", { path: below });
    }
  }
}
