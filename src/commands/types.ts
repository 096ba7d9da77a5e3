import type { Command } from "commander";
import { declarations } from "./types/declarations.ts" with { type: "macro" };

const DECLARATIONS = declarations();

const EXAMPLES = `
Examples:
  tincan types > tincan.d.ts     and in the file for "tincan run":
                                 import type { Peer } from "./tincan.d.ts";
`;

/** `tincan types`: what an editor needs to know of a file for `tincan run`. */
export function register(program: Command): void {
  program
    .command("types")
    .summary("print TypeScript declarations for files that run")
    .description("Print the TypeScript declarations for files that `tincan run` serves.")
    .addHelpText("after", EXAMPLES)
    .action(() => {
      process.stdout.write(DECLARATIONS);
    });
}
