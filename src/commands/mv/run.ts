import { quote } from "../../bytes/text.ts";
import { baseName, formatAddress, joinPath, parseAddress } from "../../client/files/address.ts";
import { typeOf } from "../../client/files/remote-folders.ts";
import { CommandError, Exit } from "../../exit.ts";
import type { ReachFlags } from "../files/reach.ts";
import { talk } from "../files/talking.ts";

/** Moves something on a server. @throws CommandError */
export async function rename(fromText: string, toText: string, flags: ReachFlags): Promise<void> {
  const from = parseAddress(fromText, flags);
  // Without a host it is on the same server.
  const to = toText.startsWith("/") ? { ...from, ...pathOf(toText) } : parseAddress(toText, flags);
  const place = (address: typeof from) => formatAddress({ ...address, path: "" });
  if (place(from) !== place(to)) {
    const how = "get it from one and put it to the other";
    throw new CommandError(Exit.usage, `${quote(place(from))} and ${quote(place(to))} are two servers; ${how}`);
  }
  await talk(flags, [from], async (conn) => {
    const isFolder = to.folder || to.path === "/" || (await typeOf(conn, to.path)) === "dir";
    await conn.ask("rename", { from: from.path, to: isFolder ? joinPath(to.path, baseName(from.path)) : to.path });
  });
}

function pathOf(text: string) {
  const { path, folder } = parseAddress(`localhost${text}`, {});
  return { path, folder };
}
