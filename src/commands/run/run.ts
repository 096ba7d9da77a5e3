import { quote } from "../../bytes/text.ts";
import { systemClock } from "../../clock.ts";
import { CommandError, Exit } from "../../exit.ts";
import { LineLog } from "../../log.ts";
import type { Door } from "../../net/door.ts";
import { ListenError } from "../../net/listen.ts";
import { createRuntime } from "../../net/runtime.ts";
import { endingSignal } from "../../signals.ts";
import { announceJson, announceText } from "./announce.ts";
import { openDoors } from "./doors.ts";
import { describeFault } from "./fault.ts";
import { loadHandlers } from "./load.ts";
import type { RunSettings } from "./settings.ts";

/** Loads the file, opens its door, announces it on stdout and serves until a signal; then drains and exits with 0. */
export async function run(name: string, settings: RunSettings): Promise<void> {
  const { file, ...handlers } = await loadHandlers(name);
  const { logFormat, logLevel, drainGrace, maxConnections, maxPerAddress, maxOutbox } = settings;
  const ending = endingSignal();
  const log = new LineLog({ format: logFormat ?? (process.stderr.isTTY ? "text" : "json"), level: logLevel });
  const runtime = createRuntime({ log, limits: { maxConnections, maxPerAddress, maxOutbox } });
  const door = openDoors(runtime, log, file, handlers, settings);
  await start(door);
  surviveErrors(log, file);
  process.stdout.write(logFormat === "json" ? announceJson(door) : announceText(quote(name), door));

  const signal = await ending;
  log.info("draining", { signal, grace: drainGrace });
  door.suspend();
  const { killed } = await door.drain(systemClock.mono() + drainGrace);
  log.info("stopped", { killed });
  await log.flush();
  process.exit(Exit.ok);
}

async function start(door: Door): Promise<void> {
  try {
    await door.start();
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    const code = error.code === "permission" ? Exit.noPermission : Exit.unavailable;
    const hint = error.code === "in-use" ? "; try --port 0 for any free one" : "";
    throw new CommandError(code, `${error.message}${hint}`);
  }
}

/** What the file's own timers and forgotten promises throw is told; its peers go on. */
function surviveErrors(log: LineLog, file: string): void {
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    process.removeAllListeners(event);
    process.on(event, (error) => log.error("unhandled-error", { detail: describeFault(error, file) }));
  }
}
