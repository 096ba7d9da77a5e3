import type { Command } from "commander";
import { addReachFlags, type ReachFlags } from "./files/reach.ts";

const EXAMPLES = `
What has *, ?, [] or {} in it means what has that very name and, only if there
is none, all that fits; quote it. So the same command, run again, may delete
what fits: look at it with "tincan ls" before. In a tincan:// URL, %2A is a *
and no wildcard. What is deleted is told, a line each. There is no way back.

Examples:
  tincan rm 127.0.0.1/old.txt
  tincan rm '127.0.0.1/photos/*.tmp'
  tincan rm -r 127.0.0.1/photos
  tincan rm 'tincan://127.0.0.1/a%2A.txt'
`;

export interface RemoveFlags extends ReachFlags {
  readonly recursive?: true;
  readonly quiet?: true;
  readonly json?: true;
}

/** `tincan rm HOST/PATH...`: files of a server that shall go. */
export function register(program: Command): void {
  const command = program
    .command("rm")
    .argument("<WHAT...>", "HOST/PATH, HOST:PORT/PATH, USER@HOST/PATH or tincan://HOST/PATH")
    .summary("delete files on a server")
    .description("Delete files and folders on a server.")
    .option("-r, --recursive", "folders too, with all that is in them")
    .option("-q, --quiet", "tell nothing but what failed")
    .option("--json", "tell each thing that is deleted or has failed as a line of JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (what: readonly string[], flags: RemoveFlags) => {
      const { remove } = await import("./rm/run.ts");
      await remove(what, flags);
    });
  addReachFlags(command);
}
