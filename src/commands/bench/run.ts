import { quote } from "../../bytes/text.ts";
import type { Kind } from "../../client/bench/kinds.ts";
import { type Load, Tally } from "../../client/bench/load.ts";
import { Refused } from "../../client/messages.ts";
import { formatTarget, unreachable } from "../../client/target.ts";
import { ConnectionLost, ForeignProtocol } from "../../client/wire.ts";
import { CommandError, Exit } from "../../exit.ts";
import { type Measured, progressLine, report, reportJson } from "./report.ts";

/** The default flood limit of a publisher, with some slack: messages a second, and at once. */
const FLOOD_RATE = 12;
const FLOOD_BURST = 20;

const FLOOD_HINT =
  "the publishers were probably slowed by the server's flood limit; start it with --chat-rate 0 to measure what it can do";

/** Runs a load for a time, with a line on stderr that changes while it runs, and prints what was measured. */
export async function runBench(name: string, kind: Kind, load: Load, seconds: number, json: boolean): Promise<void> {
  const tally = new Tally();
  const running = await kind.start(load, tally).catch((error: unknown) => {
    if (error instanceof CommandError) throw error;
    if (error instanceof Refused) throw new CommandError(Exit.failed, error.message, { cause: error });
    if (!(error instanceof ConnectionLost && error.cause instanceof ForeignProtocol))
      throw unreachable(load.target, error);
    const why = `${formatTarget(load.target)} does not speak tincan's frames`;
    throw new CommandError(Exit.failed, `${why}; the framed door's port is 8400 by default`, { cause: error });
  });
  const began = performance.now();
  const measured = (): Measured => ({ name, kind, load, tally, seconds: (performance.now() - began) / 1000 });
  await runFor(seconds, () => progressLine(measured()));
  const { seconds: lasted } = measured();
  await running.stop();
  const result = { ...measured(), seconds: lasted };
  process.stdout.write(`${json ? reportJson(result) : report(result)}\n`);
  if (name === "chat" && looksSlowed(load, tally, lasted)) process.stderr.write(`${FLOOD_HINT}\n`);
  const failure = failureOf(name, tally);
  if (failure !== null) throw new CommandError(Exit.failed, failure);
}

/** Until the time is over, or somebody presses Ctrl-C. */
async function runFor(seconds: number, line: () => string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = setTimeout(resolve, seconds * 1000);
  process.once("SIGINT", resolve);
  const live = process.stderr.isTTY ? setInterval(() => process.stderr.write(`\r\x1b[K${line()}`), 500) : undefined;
  await promise;
  clearTimeout(end);
  clearInterval(live);
  process.off("SIGINT", resolve);
  if (live) process.stderr.write("\r\x1b[K");
}

function looksSlowed({ publishers }: Load, { said }: Tally, seconds: number): boolean {
  return said > 0 && said / publishers <= FLOOD_BURST + FLOOD_RATE * (seconds + 1);
}

/** UDP may lose datagrams; everything else that is missing or wrong is a failure. */
function failureOf(name: string, tally: Tally): string | null {
  if (tally.errors > 0) return `${tally.errors} errors, the first: ${quote(tally.firstError ?? "", 300)}`;
  if (tally.answers === 0) return "nothing was answered";
  if (name === "chat" && tally.lost + tally.disordered > 0) return "messages were lost or disordered";
  return null;
}
