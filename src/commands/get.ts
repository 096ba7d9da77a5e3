import type { Command } from "commander";
import { addMovingFlags, type MovingFlags } from "./files/moving.ts";

const EXAMPLES = `
HOST/PATH is taken as it stands; the path of a tincan:// URL is percent-decoded.
What has *, ?, [] or {} in it means the file of that very name and, only if
there is none, every file on the server that fits; in a URL, %2A is a * and no
wildcard. Quote it, so that the shell leaves it alone. -o names a file, or a
folder if it is one or ends with a slash, which makes it. What comes last is a
source, too, but for a last argument -: that means stdout, which then has the
bytes alone.

A file has its name only when it is whole and its hash is the server's. When the
connection breaks, it is tried again and goes on where it was; after Ctrl-C or a
crash, run the same command again. Nothing is overwritten without --force.

URLs of http, https and ftp are percent-decoded, too. Each is told as a line "N
bytes received from URL", and goes on after a break if the server can do that. A
file that has the server's size and time already is not fetched again.
--ca and --insecure are for https as well.

Examples:
  tincan get 127.0.0.1/big.iso
  tincan get 127.0.0.1/a.txt 127.0.0.1/b.txt -o folder/
  tincan get '127.0.0.1/photos/*.jpg'
  tincan get -r 127.0.0.1/photos
  tincan get 127.0.0.1/backup.tar - | tar x
  tincan get --tls --fingerprint AB:CD:… ann@example.org/private.txt
  tincan get 'tincan://[::1]:8400/a%20name.txt'
  tincan get http://example.org/ https://example.net/a.zip ftp://example.com/b
`;

/** `tincan get SOURCE...`: files from a server. */
export function register(program: Command): void {
  const command = program
    .command("get")
    .argument(
      "<SOURCE...>",
      "HOST/PATH, HOST:PORT/PATH, USER@HOST/PATH, a URL of tincan, http, https or ftp; then - for stdout",
    )
    .summary("fetch files, and prove that they are whole")
    .description("Fetch files and folders from a server, and prove that they are whole.")
    .option("-o, --output <WHERE>", "a file, a folder/, which is made, or - for stdout (this folder)")
    .addHelpText("after", EXAMPLES)
    .action(async (sources: readonly string[], flags: MovingFlags & { readonly output?: string }) => {
      const { get } = await import("./get/run.ts");
      await get(sources, flags);
    });
  addMovingFlags(command);
}
