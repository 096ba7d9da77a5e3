import { quote } from "../../bytes/text.ts";
import { askDaemon } from "../../control/client.ts";
import { CommandError, Exit } from "../../exit.ts";
import { daemonError } from "../operator/daemon-error.ts";

export interface KickSettings {
  readonly who: string;
  readonly reason: string;
  readonly folder: string;
}

/** Kicks and says how many connections that ended. @throws CommandError: 69 without a daemon, 1 when nobody was there */
export async function kick({ who, reason, folder }: KickSettings): Promise<void> {
  const answer = await askDaemon(folder, "kick", { who, reason }).catch((error: unknown) => {
    throw daemonError(error, folder);
  });
  const ended = Number(answer["ended"]);
  if (ended === 0) {
    throw new CommandError(Exit.failed, `nobody is there as ${quote(who)}; "tincan status" lists who is`);
  }
  process.stdout.write(`ended ${ended} connection${ended === 1 ? "" : "s"} of ${quote(who)}\n`);
}
