import { quote } from "../../bytes/text.ts";
import { systemClock } from "../../clock.ts";
import type { Config } from "../../daemon.ts";
import { CommandError, Exit } from "../../exit.ts";
import { Xferlog } from "../../files/xferlog.ts";
import { isTerminal } from "../../libc.ts";
import type { Log } from "../../log.ts";
import { codeOf } from "../../thrown.ts";

const STDERR = 2;

/**
 * Opens the `--xferlog`, if there shall be one. SIGHUP, by which logrotate says that the file was moved, then ends the
 * daemon no more: the file is looked for anew at every write anyway. On a terminal SIGHUP still means that it was closed.
 * Throws {@link CommandError} (73) when the file cannot be written to.
 */
export function openXferlog({ xferlog }: Pick<Config, "xferlog">, log: Log): Xferlog | null {
  if (xferlog === null) return null;
  try {
    const opened = new Xferlog(xferlog, systemClock, log);
    if (!isTerminal(STDERR)) process.on("SIGHUP", () => log.info("xferlog-reopened", { path: xferlog }));
    return opened;
  } catch (error) {
    const code = codeOf(error);
    const why = code === "ELOOP" ? "is a link, which is not followed" : "cannot be written to";
    throw new CommandError(Exit.cannotCreate, `--xferlog ${quote(xferlog, 200)} ${why}; give another file`);
  }
}
