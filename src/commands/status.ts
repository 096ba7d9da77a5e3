import type { Command } from "commander";
import { STATE_DIR } from "./operator/state-dir.ts";

const EXAMPLES = `
It asks the daemon of your state folder; another daemon is chosen by the
--state-dir that it was started with.

Examples:
  tincan status                     once
  tincan status --watch             again every second, until q or Ctrl-C
  tincan status --json | jq .connections.active
  tincan status --state-dir /srv/tincan
`;

interface Flags {
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly stateDir?: string;
}

/** `tincan status`: what a daemon on this machine is doing. */
export function register(program: Command): void {
  program
    .command("status")
    .summary("show what the daemon on this machine is doing")
    .description("Show the doors, members, transfers and memory of the daemon that runs on this machine.")
    .option("--json", "print one line of JSON")
    .option("--watch", "show it again every second")
    .option(...STATE_DIR)
    .addHelpText("after", EXAMPLES)
    .action(async ({ json = false, watch = false, stateDir }: Flags) => {
      const { status } = await import("./status/run.ts");
      const { toldStateFolder } = await import("../state.ts");
      await status({ json, watch, folder: toldStateFolder(stateDir) });
    });
}
