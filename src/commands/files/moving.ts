import { type Command, InvalidArgumentError } from "commander";
import { type Job, runAll } from "../../client/files/pool.ts";
import { Retry } from "../../client/files/retry.ts";
import type { Shared } from "../../client/files/transfer.ts";
import { asCommandError, Stopped } from "../../client/files/trouble.ts";
import { patientClock } from "../../client/patient-clock.ts";
import { openProgress } from "../../client/progress/open.ts";
import { Failures } from "./failures.ts";
import { Interrupt } from "./interrupt.ts";
import { addReachFlags, type ReachFlags, Servers } from "./reach.ts";

/** What `get` and `put` have in common. */
export interface MovingFlags extends ReachFlags {
  readonly recursive?: true;
  readonly force?: true;
  readonly quiet?: true;
  readonly json?: true;
  readonly parallel: number;
  readonly retries: number;
}

/** A wide choice, and still fewer connections than a server takes from one address. */
const MOST_PARALLEL = 64;

export function addMovingFlags(command: Command): Command {
  command
    .option("-r, --recursive", "folders too, with all that is in them")
    .option("-f, --force", "replace files that are there")
    .option("--parallel <N>", "how many files at a time (4)", wholeNumber(1, MOST_PARALLEL), 4)
    .option("--retries <N>", "how often to try again after trouble that may pass (10)", wholeNumber(0, 1_000_000), 10)
    .option("-q, --quiet", "tell nothing but what failed")
    .option("--json", "tell each file that is whole or has failed as a line of JSON");
  return addReachFlags(command);
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** What a command that moves files works with. */
export interface Moving {
  readonly shared: Shared;
  readonly servers: Servers;
  readonly failures: Failures;
}

/**
 * Runs the jobs that `plan` finds, several at a time, and tells how it went. Ends the process when the user interrupts.
 * @param o.data stdout carries a file's bytes and nothing else
 * @param o.serial the jobs run one after the other, in their order
 * @throws CommandError when anything failed
 */
export async function move(
  flags: MovingFlags,
  o: { readonly data: boolean; readonly serial: boolean; readonly several: boolean },
  plan: (moving: Moving) => AsyncGenerator<Job>,
): Promise<void> {
  const interrupt = new Interrupt();
  const { signal } = interrupt;
  const { quiet = false, json = false, force = false, parallel, retries } = flags;
  const progress = await openProgress({ quiet, json, data: o.data });
  const log = (line: string) => progress.log(line);
  const retry = new Retry({ retries, clock: patientClock, signal, tell: log });
  const servers = new Servers(flags, signal);
  const failures = new Failures(o.several, progress);
  try {
    const jobs = plan({ shared: { progress, retry, signal, force }, servers, failures });
    await runAll(jobs, o.serial ? 1 : parallel);
  } catch (error) {
    if (!(error instanceof Stopped)) throw asCommandError(error);
  } finally {
    progress.stop();
    await servers.close();
    interrupt.exitIfAsked();
  }
  failures.finish();
}
