import type { Command } from "commander";
import { addReachFlags, type ReachFlags } from "./files/reach.ts";

const EXAMPLES = `
On a terminal it shows sizes and ages; in a pipe one name a line, unless -l asks
for more. What has *, ?, [] or {} in it means what has that very name and, only
if there is none, all that fits; quote it. In a tincan:// URL, %2A is a * and no
wildcard.

Examples:
  tincan ls 127.0.0.1
  tincan ls -l 127.0.0.1/photos
  tincan ls '127.0.0.1/photos/*.jpg'
  tincan ls -R --json 127.0.0.1 | jq -r 'select(.size > 1e9).path'
  tincan ls 'tincan://[::1]:8400/a%20folder'
`;

export interface ListFlags extends ReachFlags {
  readonly long?: true;
  readonly human?: true;
  readonly recursive?: true;
  readonly json?: true;
}

/** `tincan ls HOST[/PATH]...`: what a server has. */
export function register(program: Command): void {
  const command = program
    .command("ls")
    // -h is for sizes, as everywhere.
    .helpOption("--help", "show this help")
    .argument("<WHERE...>", "HOST, HOST/PATH, HOST:PORT/PATH, USER@HOST/PATH or tincan://HOST/PATH")
    .summary("list the files of a server")
    .description("List the files of a server.")
    .option("-l, --long", "size and time of each, in a pipe too")
    .option("-h, --human", "with -l: sizes such as 1.2 GB, and ages instead of times")
    .option("-R, --recursive", "what is in folders, too")
    .option("--json", "one line of JSON for each")
    .addHelpText("after", EXAMPLES)
    .action(async (where: readonly string[], flags: ListFlags) => {
      const { list } = await import("./ls/run.ts");
      await list(where, flags);
    });
  addReachFlags(command);
}
