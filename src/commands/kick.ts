import type { Command } from "commander";
import { STATE_DIR } from "./operator/state-dir.ts";

const EXAMPLES = `
Who was kicked may come again, and some programs do so by themselves;
"tincan ban" keeps an address out.

Examples:
  tincan kick bob                       a member of the chat, or an account
  tincan kick bob --reason "no spam"    said to bob, and to the room
  tincan kick 10.0.0.5                  every connection of an address
  tincan kick 10.0.0.0/24               and of a network
`;

interface Flags {
  readonly reason?: string;
  readonly stateDir?: string;
}

/** `tincan kick NAME|ADDRESS`: ends connections of the daemon on this machine. */
export function register(program: Command): void {
  program
    .command("kick")
    .argument("<WHO>", "a member's name, an account, an address or a network")
    .summary("end somebody's connections")
    .description("End the connections of a member, an account, an address or a network, on all doors.")
    .option("--reason <TEXT>", "what they and the room are told")
    .option(...STATE_DIR)
    .addHelpText("after", EXAMPLES)
    .action(async (who: string, { reason = "", stateDir }: Flags) => {
      const { kick } = await import("./kick/run.ts");
      const { toldStateFolder } = await import("../state.ts");
      await kick({ who, reason, folder: toldStateFolder(stateDir) });
    });
}
