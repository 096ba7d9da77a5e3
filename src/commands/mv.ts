import type { Command } from "commander";
import { addReachFlags, type ReachFlags } from "./files/reach.ts";

const EXAMPLES = `
TO is on the same server; its host may be left out. If it is a folder or ends
with a slash, the file goes into it under its own name. Nothing is overwritten.

Examples:
  tincan mv 127.0.0.1/a.txt 127.0.0.1/b.txt
  tincan mv 127.0.0.1/a.txt /old/
`;

/** `tincan mv FROM TO`: another name for a file or folder of a server. */
export function register(program: Command): void {
  const command = program
    .command("mv")
    .argument("<FROM>", "HOST/PATH, HOST:PORT/PATH, USER@HOST/PATH or tincan://HOST/PATH")
    .argument("<TO>", "the same, or /PATH")
    .summary("rename or move files on a server")
    .description("Rename or move a file or folder on a server.")
    .addHelpText("after", EXAMPLES)
    .action(async (from: string, to: string, flags: ReachFlags) => {
      const { rename } = await import("./mv/run.ts");
      await rename(from, to, flags);
    });
  addReachFlags(command);
}
