import type { Command } from "commander";
import { STATE_DIR } from "./operator/state-dir.ts";

const EXAMPLES = `
A daemon that runs ends the connections that are banned at once.

Examples:
  tincan ban 10.0.0.5                         until it is lifted
  tincan ban 10.0.0.0/24 --for 2h             a network, for two hours
  tincan ban 2001:db8::/64 --reason scanning  the reason is for your list
  tincan ban                                  who is banned
  tincan unban 10.0.0.5                       let it in again
`;

interface Flags {
  readonly for?: string;
  readonly reason?: string;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly stateDir?: string;
}

/** `tincan ban [ADDRESS]`: keeps an address or a network out of every door, or lists who is kept out. */
export function register(program: Command): void {
  program
    .command("ban")
    .argument("[ADDRESS]", "an address, or a network such as 10.0.0.0/8; none: list the bans")
    .summary("keep an address out, or list who is kept out")
    .description("Keep an address or a network out of every door, or list who is kept out.")
    .option("--for <TIME>", "how long: 10m, 2h, 7d (until it is lifted)")
    .option("--reason <TEXT>", "why, for your own list")
    .option("--list", "list the bans")
    .option("--json", "list them as a line of JSON each")
    .option(...STATE_DIR)
    .addHelpText("after", EXAMPLES)
    .action(async (address: string | undefined, { stateDir, ...flags }: Flags) => {
      const { ban, listBans } = await import("./ban/run.ts");
      const { toldStateFolder } = await import("../state.ts");
      const settings = { ...flags, folder: toldStateFolder(stateDir) };
      if (address === undefined) await listBans(settings);
      else await ban(address, settings);
    });
}
