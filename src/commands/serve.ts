import type { Command } from "commander";
import { doors } from "../../protocols/index.ts";
import { addFlags } from "../config/flags.ts";
import { serveOptions } from "../config.ts";

const EXAMPLES = `
A PORT is a number, 0 for any that is free, off for no such listener, or
unix:PATH for a socket in the file system. Every flag is also an environment
variable (--line-port is TINCAN_LINE_PORT) and, without its dashes, a key of the
configuration file. A flag wins over the environment, the environment over the
file.

Examples:
  tincan serve                       chat and echo, on this machine only
  tincan serve --host 0.0.0.0        for everybody who can reach this machine
  tincan serve --base-port 0         every door on a free port
  tincan serve --doors line,echo     only these two
  tincan serve --line-port 2323 --echo-port off
  tincan serve --log-format json     announce in one line of JSON, for programs
  tincan serve ~/share               share a folder, read-only
  tincan serve ~/share --allow-upload --host 0.0.0.0
                                     for everybody, who may add files
  tincan serve --host 0.0.0.0 --qr   with a code of the address for phones
  tincan serve --open                and the page in the browser
  tincan serve --site ~/site         your own pages at /, tincan's at /tincan/
`;

/** `tincan serve [DIR]`: opens the doors, says so on stdout, and serves until SIGINT or SIGTERM. */
export function register(program: Command): void {
  const table = serveOptions(doors);
  const command = program
    .command("serve")
    .argument("[DIR]", "folder to share; without it there are no files")
    .summary("open the doors: chat, files and echo")
    .description(
      "Open the doors: chat, files and echo for everyone on the network, with the client they already have.",
    );
  addFlags(command, table, { short: { allowAll: "-A" }, grouped: true })
    .option("--smoke", "start everything on free ports, talk to every door, stop, and say what was checked")
    .addHelpText("after", EXAMPLES)
    .action(async (dir: string | undefined, flags: Record<string, unknown>) => {
      const { readSettings } = await import("./serve/settings.ts");
      const settings = readSettings(table, flags, dir);
      const { run } = flags["smoke"] === true ? await import("./serve/smoke.ts") : await import("./serve/run.ts");
      await run(settings);
    });
}
