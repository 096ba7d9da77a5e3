import type { Command } from "commander";
import { addMovingFlags, type MovingFlags } from "./files/moving.ts";

const EXAMPLES = `
The last argument is where the files go: a folder if it ends with a slash (it is
made, if there is none) or is one, else the name of the one file. - is stdin;
what comes out of a pipe cannot be taken up again. A symbolic link that is named
here is followed; one inside a folder is not. It is told, and left out, and so
are names with a dot where the server takes none (--dotfiles). That alone is no
failure.

A file appears on the server when it is whole and its hash is the one sent. When
the connection breaks, it is tried again and goes on where it was; after Ctrl-C
or a crash, run the same command again. What has arrived belongs to the path,
size and time of the file here: touch it, and it is sent anew. Nothing is
overwritten without --force, and with it only where the server allows that.

Examples:
  tincan put *.jpg 127.0.0.1/photos/
  tincan put report.pdf 127.0.0.1/report-2026.pdf
  tincan put -r photos 127.0.0.1
  tar c . | tincan put - 127.0.0.1/x.tar
  tincan put --tls --ca ca.pem big.iso ann@example.org/
`;

/** `tincan put FILE... WHERE`: files to a server. */
export function register(program: Command): void {
  const command = program
    .command("put")
    .argument("<FILE...>", "files, or - for stdin; then HOST/PATH, where they go")
    .usage("[options] <FILE...> <HOST/PATH>")
    .summary("send files, and prove that they arrived")
    .description("Send files and folders to a server, and prove that they arrived whole.")
    .addHelpText("after", EXAMPLES)
    .action(async (args: readonly string[], flags: MovingFlags) => {
      const { put } = await import("./put/run.ts");
      await put(args, flags);
    });
  addMovingFlags(command);
}
