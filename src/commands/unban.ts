import type { Command } from "commander";
import { STATE_DIR } from "./operator/state-dir.ts";

const EXAMPLES = `
Examples:
  tincan unban 10.0.0.5
  tincan unban 10.0.0.0/24
`;

/** `tincan unban ADDRESS`: lifts a ban. */
export function register(program: Command): void {
  program
    .command("unban")
    .argument("<ADDRESS>", 'the address or network, as "tincan ban" lists it')
    .summary("let a banned address in again")
    .description("Lift the ban of an address or a network.")
    .option(...STATE_DIR)
    .addHelpText("after", EXAMPLES)
    .action(async (address: string, { stateDir }: { readonly stateDir?: string }) => {
      const { unban } = await import("./ban/run.ts");
      const { toldStateFolder } = await import("../state.ts");
      await unban(address, toldStateFolder(stateDir));
    });
}
