import type { Command } from "commander";
import { addFlags } from "../config/flags.ts";
import { loadOptions } from "./bench/options.ts";
import type { LoadFlags } from "./bench/settings.ts";

const EXAMPLES = `
In the chat, --publishers people talk and --connections others listen, in a room
of their own; deliveries are counted, and what is lost or comes in another
order. The server's flood limit slows the chat down to 10 messages a second for
each publisher, unless it was started with "tincan serve --chat-rate 0".

Examples:
  tincan bench echo
  tincan bench echo 192.168.1.5 --connections 50 --pipeline 16
  tincan bench frames --size 64KiB --connections 4
  tincan bench chat --connections 1000 --publishers 4 --pipeline 16
  tincan bench udp --pipeline 64 --json
`;

/** `tincan bench KIND [HOST]`: how fast a server answers, with every answer checked. */
export function register(program: Command): void {
  const command = program
    .command("bench")
    .argument("<KIND>", "echo, frames, chat or udp")
    .argument("[HOST]", "HOST, HOST:PORT or [IPv6]:PORT of the door (127.0.0.1 and the door's usual port)")
    .summary("measure how fast a server answers")
    .description("Measure how fast a server answers, with every answer checked.");
  addFlags(command, loadOptions)
    .option("--json", "print one line of JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, host: string | undefined, { json, ...flags }: LoadFlags & { json?: true }) => {
      const { benchSettings } = await import("./bench/settings.ts");
      const { runBench } = await import("./bench/run.ts");
      const { kind, load, seconds } = benchSettings(name, host, flags);
      await runBench(name, kind, load, seconds, json === true);
    });
}
