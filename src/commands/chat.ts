import type { Command } from "commander";
import { addReachFlags, endpointOf, type ReachFlags } from "./files/reach.ts";

const EXAMPLES = `
On a terminal, messages scroll above the line you type; Up brings back what you
typed, Tab completes names and commands, /help lists the commands, Ctrl-D
leaves. When the connection is lost it comes back by itself and shows what you
missed. Without a terminal, the lines of stdin are said as they are and what
others say goes to stdout; at the end of stdin it waits for its answers and
leaves, with exit code 1 if a line was not taken.

Examples:
  tincan chat                          talk on this machine
  tincan chat 192.168.1.5 --name ann   talk on another one
  tincan chat '[::1]:9000' --room '#dev'
  make 2>&1 | tail -1 | tincan chat    say one line and leave
  tail -f /var/log/syslog | tincan chat --name log --room '#log' > /dev/null
  sleep infinity | tincan chat --json | jq -r .text
  tincan chat --tls chat.example.org   over TLS
  tincan chat --tls --fingerprint AB12… 192.168.1.5    as "serve" prints it
  tincan chat --tls ann@example.org    as ann, whose password is asked for
`;

interface Flags extends ReachFlags {
  readonly name?: string;
  readonly room?: string;
  readonly json?: true;
  readonly commands?: true;
}

/** `tincan chat [HOST]`: the chat in a terminal, or in a pipe. */
export function register(program: Command): void {
  const command = program
    .command("chat")
    .argument("[HOST]", "HOST, HOST:PORT, [IPv6]:PORT or USER@HOST of a framed door (127.0.0.1:8400)")
    .summary("talk to everybody who is there")
    .description("Talk to everybody who is there, whatever client they came with.")
    .option("--name <NAME>", "what to be called (USER, or a guest name)")
    .option("--room <ROOM>", "where to talk (#lobby)")
    .option("--json", "print the events of the wire unchanged, one line of JSON each")
    .option("--commands", "without a terminal: take lines that start with / as commands")
    .addHelpText("after", EXAMPLES)
    .action(async (host: string | undefined, flags: Flags) => {
      const { parseAuthority } = await import("../client/authority.ts");
      const { room, json = false, commands = false } = flags;
      const endpoint = await endpointOf(parseAuthority(host ?? "127.0.0.1", flags), flags);
      const name = flags.name ?? endpoint.login?.user;
      const identity = { ...(name !== undefined && { name }), ...(room !== undefined && { room: withMark(room) }) };
      const settings = { endpoint, identity, json, commands };
      if (process.stdin.isTTY && process.stdout.isTTY && !json && process.env["TERM"] !== "dumb") {
        const { chatOnTerminal } = await import("./chat/terminal.ts");
        await chatOnTerminal(settings);
      } else {
        const { chatInPipe } = await import("./chat/pipe.ts");
        await chatInPipe(settings);
      }
    });
  addReachFlags(command);
}

/** A room's name; its `#`, which shells take for a comment, may be left out. */
function withMark(room: string): string {
  return room.startsWith("#") ? room : `#${room}`;
}
