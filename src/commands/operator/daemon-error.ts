import { escapeText, quote } from "../../bytes/text.ts";
import { NoDaemon, Refused } from "../../control/client.ts";
import { CommandError, Exit } from "../../exit.ts";

const REASONS: Readonly<Record<NoDaemon["kind"], (folder: string) => string>> = {
  absent: (folder) =>
    `no daemon runs at the state folder ${folder}; start one with "tincan serve", or give the --state-dir of the one you mean`,
  denied: (folder) => `the daemon at the state folder ${folder} is another user's; ask as that user`,
  mute: (folder) => `the daemon at the state folder ${folder} does not answer; see its log`,
  gone: (folder) => `the daemon at the state folder ${folder} has ended`,
};

/** Why a command could not speak to the daemon of a state folder, or was refused by it. Anything else is thrown as it is. */
export function daemonError(error: unknown, folder: string): unknown {
  if (error instanceof NoDaemon)
    return new CommandError(Exit.unavailable, REASONS[error.kind](quote(folder, folder.length)), { cause: error });
  if (error instanceof Refused) return new CommandError(Exit.failed, escapeText(error.message), { cause: error });
  return error;
}
