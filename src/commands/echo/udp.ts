import { Asker, MOST_DATAGRAM } from "../../client/asker.ts";
import { stdinLines } from "../../client/input.ts";
import { formatTarget } from "../../client/target.ts";
import { CommandError, Exit } from "../../exit.ts";
import type { Target } from "../../net/address.ts";
import { isEcho, NO_ECHO } from "./expected.ts";
import { Output } from "./output.ts";

/** Sends a text, or each line of stdin, as one datagram and prints the answer of each. Stops at the first that gets none. */
export async function echoDatagrams(target: Target, text: string | null): Promise<void> {
  const asker = await Asker.open(target);
  const output = new Output();
  try {
    for await (const line of text === null ? stdinLines(MOST_DATAGRAM) : [text]) {
      if (line === null) throw new CommandError(Exit.failed, `a datagram holds at most ${MOST_DATAGRAM} bytes`);
      const question = Buffer.from(line);
      const answer = await asker.ask(question);
      output.line(answer);
      if (!isEcho(answer, question)) throw new CommandError(Exit.failed, `${formatTarget(target)} ${NO_ECHO}`);
    }
  } finally {
    asker.close();
    process.stdin.destroy();
  }
}
