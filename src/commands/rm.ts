import type { Command } from "commander";
import { addReachFlags, type ReachFlags } from "./files/reach.ts";

const EXAMPLES = `
What has *, ? or [] in it means all that fits; quote it. There is no way back.

Examples:
  tincan rm 127.0.0.1/old.txt
  tincan rm '127.0.0.1/photos/*.tmp'
  tincan rm -r 127.0.0.1/photos
`;

/** `tincan rm HOST/PATH...`: files of a server that shall go. */
export function register(program: Command): void {
  const command = program
    .command("rm")
    .argument("<what...>", "HOST/PATH, HOST:PORT/PATH, USER@HOST/PATH or tincan://HOST/PATH")
    .summary("delete files on a server")
    .description("Delete files and folders on a server.")
    .option("-r, --recursive", "folders too, with all that is in them")
    .addHelpText("after", EXAMPLES)
    .action(async (what: readonly string[], flags: ReachFlags & { readonly recursive?: true }) => {
      const { remove } = await import("./rm/run.ts");
      await remove(what, flags);
    });
  addReachFlags(command);
}
