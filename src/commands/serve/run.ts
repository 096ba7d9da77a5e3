import { doors } from "../../../protocols/index.ts";
import { type Config, Daemon } from "../../daemon.ts";
import { Exit } from "../../exit.ts";
import { LineLog } from "../../log.ts";
import { readyJson, readyText } from "../../ready.ts";
import { endingSignal } from "../../signals.ts";
import type { Settings } from "./settings.ts";

/** Opens the doors, announces them on stdout and serves until a signal; then drains and ends the process with 0. */
export async function run({ config, warnings }: Settings): Promise<void> {
  const ending = endingSignal();
  const log = openLog(config);
  for (const { event, fields } of warnings) log.warn(event, fields);
  const daemon = new Daemon(config, doors, log);
  await daemon.start();
  surviveErrors(log);
  const announce = config.logFormat === "json" ? readyJson : readyText;
  process.stdout.write(announce(daemon.doors));

  const signal = await ending;
  log.info("draining", { signal, grace: config.drainGrace });
  const { killed } = await daemon.drain(config.drainGrace);
  log.info("stopped", { killed });
  await log.flush();
  process.exit(Exit.ok);
}

function openLog({ logFormat, logLevel }: Config): LineLog {
  return new LineLog({ format: logFormat ?? (process.stderr.isTTY ? "text" : "json"), level: logLevel });
}

/** Once the doors are open, an error that nobody caught came from one peer's work: it is told, and the others go on. */
function surviveErrors(log: LineLog): void {
  const tell = (error: unknown) => {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    log.error("unhandled-error", { error: message, stack });
  };
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    process.removeAllListeners(event);
    process.on(event, tell);
  }
}
