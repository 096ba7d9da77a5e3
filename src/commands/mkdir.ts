import type { Command } from "commander";
import type { FilesConnection } from "../client/files/connection.ts";
import { addReachFlags, type ReachFlags } from "./files/reach.ts";

const EXAMPLES = `
Examples:
  tincan mkdir 127.0.0.1/photos
  tincan mkdir -p 127.0.0.1/photos/2026/summer
`;

/** `tincan mkdir HOST/PATH...`: folders on a server. */
export function register(program: Command): void {
  const command = program
    .command("mkdir")
    .argument("<WHERE...>", "HOST/PATH, HOST:PORT/PATH, USER@HOST/PATH or tincan://HOST/PATH")
    .summary("make folders on a server")
    .description("Make folders on a server.")
    .option("-p, --parents", "the folders above too, and no complaint about one that is there")
    .addHelpText("after", EXAMPLES)
    .action(async (where: readonly string[], flags: ReachFlags & { readonly parents?: true }) => {
      const { parseAddress } = await import("../client/files/address.ts");
      const { ensureFolders } = await import("../client/files/remote-folders.ts");
      const { talk } = await import("./files/talking.ts");
      const addresses = where.map((text) => parseAddress(text, flags));
      await talk(flags, addresses, async (conn, { path }) => {
        if (flags.parents) await ensureFolders(conn, path);
        else await makeOne(conn, path);
      });
    });
  addReachFlags(command);
}

async function makeOne(conn: FilesConnection, path: string): Promise<void> {
  try {
    await conn.ask("mkdir", { path });
  } catch (error) {
    const { Refused } = await import("../client/messages.ts");
    if (!(error instanceof Refused && error.code === "not-found")) throw error;
    throw new Refused(error.code, `${error.message}; add -p to have it made, too`);
  }
}
