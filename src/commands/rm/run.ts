import { quote } from "../../bytes/text.ts";
import { parseAddress } from "../../client/files/address.ts";
import type { FilesConnection } from "../../client/files/connection.ts";
import { type Found, find } from "../../client/files/find.ts";
import { LocalTrouble } from "../../client/files/trouble.ts";
import { CommandError, Exit } from "../../exit.ts";
import type { Failures } from "../files/failures.ts";
import { visit } from "../files/talking.ts";
import type { RemoveFlags } from "../rm.ts";
import { type Removals, removalsFor } from "./print.ts";
import { Removing } from "./removing.ts";

/** Deletes what the arguments name, and tells of each thing that is gone. @throws CommandError when anything failed */
export async function remove(texts: readonly string[], flags: RemoveFlags): Promise<void> {
  const addresses = texts.map((text) => parseAddress(text, flags));
  for (const { path } of addresses) {
    if (path === "/") throw new CommandError(Exit.usage, "name what to delete; the whole of a server is not deleted");
  }
  const removals = removalsFor(flags, process.stdout);
  const recursive = flags.recursive === true;
  await visit(
    flags,
    addresses,
    async (server, address, failures) => {
      const all = async (conn: FilesConnection) =>
        removeAll(conn, await find(conn, address), { recursive, removals, failures });
      await failures.lookUp(address.path, () => server.use(all));
    },
    removals.failed,
  );
}

async function removeAll(
  conn: FilesConnection,
  found: readonly Found[],
  {
    recursive,
    removals,
    failures,
  }: { readonly recursive: boolean; readonly removals: Removals; readonly failures: Failures },
): Promise<void> {
  const removing = new Removing(conn, removals, failures);
  if (found.length > 1) failures.expectSeveral();
  for (const { path, entry } of found) {
    if (entry.type === "file") await removing.one(path, "file");
    else if (recursive) {
      failures.expectSeveral();
      await removing.tree(path);
    } else {
      const how = "add -r to delete it with all that is in it";
      failures.add(path, new LocalTrouble(`${quote(path, 200)} is a folder; ${how}`));
    }
  }
  await removing.settled();
}
