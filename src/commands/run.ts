import type { Command } from "commander";
import { addFlags } from "../config/flags.ts";
import { runOptions } from "./run/options.ts";

const EXAMPLES = `
FILE exports an async function of one peer as its default, or a function
"datagram" for UDP on the same port, or both:

  export default async (peer) => {
    for await (const line of peer.lines())
      await peer.write(line.toUpperCase() + "\\n");
  };

It is TypeScript or JavaScript, may import other files, and needs nothing
installed. For what a peer can do, and for an editor that knows it: tincan
types > tincan.d.ts

Examples:
  tincan run shout.ts
  tincan run shout.ts --port 7000 --host 0.0.0.0
  tincan run clock.ts --allow-udp --host 0.0.0.0
  tincan run shout.ts --port 0 --log-format json
`;

/** `tincan run FILE`: serves the protocol that a file of the user's holds, until SIGINT or SIGTERM. */
export function register(program: Command): void {
  const command = program
    .command("run")
    .argument("<FILE>", "TypeScript or JavaScript with a function of one peer")
    .summary("serve a protocol of your own, one function in one file")
    .description("Serve a protocol of your own: one async function per peer, in one file.");
  addFlags(command, runOptions)
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, flags: Record<string, unknown>) => {
      const { readSettings } = await import("./run/settings.ts");
      const { run } = await import("./run/run.ts");
      await run(file, readSettings(flags));
    });
}
