import { type Address, formatAddress, joinPath, parseAddress } from "../../client/files/address.ts";
import type { FilesConnection } from "../../client/files/connection.ts";
import type { RemoteEntry } from "../../client/files/entry.ts";
import { find } from "../../client/files/find.ts";
import { listPages } from "../../client/files/listing.ts";
import { localName } from "../../client/files/name.ts";
import { talk } from "../files/talking.ts";
import type { ListFlags } from "../ls.ts";
import { type Listed, printerFor } from "./print.ts";

/** Lists what the arguments name. @throws CommandError when anything failed */
export async function list(texts: readonly string[], flags: ListFlags): Promise<void> {
  const addresses = texts.map((text) => parseAddress(text, flags));
  const print = printerFor(flags, process.stdout);
  await talk(flags, addresses, async (conn, address) => {
    const things = await find(conn, address);
    const files = things.filter(({ entry }) => entry.type === "file");
    if (files.length > 0) print.items(files.map((thing) => ({ ...thing, name: shownName(address, thing.path) })));
    for (const { path, entry } of things) {
      if (entry.type === "file") continue;
      if (addresses.length > 1 || things.length > 1) print.heading(formatAddress({ ...address, path }));
      await listFolder(conn, path, "", flags.recursive === true, (items) => print.items(items));
    }
  });
}

/** What a pattern found is told with its folder, so that it can be told apart. */
function shownName(address: Address, path: string): string {
  const from = address.path.lastIndexOf("/") + 1;
  return path.startsWith(address.path.slice(0, from)) ? path.slice(from) : path;
}

async function listFolder(
  conn: FilesConnection,
  root: string,
  prefix: string,
  recursive: boolean,
  print: (items: readonly Listed[]) => void,
): Promise<void> {
  const folders = [{ path: root, prefix }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { path, prefix } = folder;
    const below: typeof folders = [];
    for await (const page of listPages(conn, path)) {
      print(page.map((entry) => ({ name: prefix + entry.name, path: joinPath(path, entry.name), entry })));
      if (recursive) below.push(...page.filter(isFolder).map((entry) => inside(path, prefix, entry)));
    }
    folders.push(...below.reverse());
  }
}

function isFolder({ type }: RemoteEntry): boolean {
  return type === "dir";
}

function inside(path: string, prefix: string, entry: RemoteEntry) {
  const name = localName(entry.name);
  return { path: joinPath(path, name), prefix: `${prefix}${name}/` };
}
