import type { Command } from "commander";

const EXAMPLES = `
Without text, what stdin has is sent: over TCP as a stream of bytes, over UDP
and in frames line by line. --frames takes a format of Python's struct for the
header (!I) and talks to the framed door, whose port is 8400. Write
--frames=FORMAT, or put it last: what follows it is taken for the format.

A server that speaks first as the chat or an FTP server does is sent nothing. An
answer that is not what was sent, in upper case, is printed, and the exit code
is 1.

Examples:
  tincan echo localhost hello
  tincan echo 192.168.1.5 < letter.txt
  tincan echo localhost hello --udp
  tincan echo localhost hello --frames
  tincan echo localhost:9000 hello --frames='<H'
`;

const ECHO_PORT = 8407;

interface Flags {
  readonly udp?: true;
  readonly frames?: string | true;
}

/** `tincan echo [HOST] [TEXT...]`: sends something and prints what comes back. */
export function register(program: Command): void {
  program
    .command("echo")
    .argument("[HOST]", "HOST, HOST:PORT or [IPv6]:PORT of an echo door (127.0.0.1:8407)")
    .argument("[TEXT...]", "what to send; else what stdin has is sent")
    .summary("send something and print what comes back")
    .description("Send something to an echo door and print what comes back.")
    .option("--udp", "send datagrams, and wait up to 2 s for the answer of each")
    .option("--frames [FORMAT]", "send frames, to the framed door")
    .addHelpText("after", EXAMPLES)
    .action(async (host: string | undefined, words: readonly string[], { udp, frames }: Flags) => {
      const { CommandError, Exit } = await import("../exit.ts");
      if (udp && frames) throw new CommandError(Exit.usage, "--udp and --frames exclude each other; take one of them");
      const { clientTarget } = await import("../client/target.ts");
      const { FRAMED_PORT } = await import("../client/wire.ts");
      const target = clientTarget(host, frames ? FRAMED_PORT : ECHO_PORT);
      const text = words.length === 0 ? null : words.join(" ");
      if (udp) await (await import("./echo/udp.ts")).echoDatagrams(target, text);
      else if (frames) await (await import("./echo/frames.ts")).echoFrames(target, text, frames);
      else await (await import("./echo/tcp.ts")).echoStream(target, text);
    });
}
