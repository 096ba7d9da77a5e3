import { escapeLines } from "../../bytes/text.ts";

/**
 * Writes what a peer sent to stdout: the very bytes into a file or a pipe, safe text on a terminal. Characters may be
 * cut anywhere between two calls.
 */
export class Output {
  private readonly decoder = new TextDecoder();

  write(bytes: Uint8Array): void {
    if (process.stdout.isTTY) process.stdout.write(escapeLines(this.decoder.decode(bytes, { stream: true })));
    else process.stdout.write(bytes);
  }

  /** A message that has its own line. */
  line(bytes: Uint8Array): void {
    this.write(Buffer.concat([bytes, Buffer.from("\n")]));
  }
}
