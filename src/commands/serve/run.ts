import { doors } from "../../../protocols/index.ts";
import { Daemon } from "../../daemon.ts";
import { live, openLog } from "../../life.ts";
import { readyJson, readyText } from "../../ready.ts";
import type { Settings } from "./settings.ts";

/** Opens the doors, announces them on stdout and serves until a signal; then drains and ends the process with 0. */
export async function run({ config, dir, share, stateFolder, warnings }: Settings): Promise<void> {
  const log = openLog(config);
  for (const { event, fields } of warnings) log.warn(event, fields);
  const daemon = new Daemon(config, doors, { log, share, stateFolder, tls: null });
  await live({
    log,
    graceMs: config.drainGrace,
    start: () => daemon.start(),
    announce: () => (config.logFormat === "json" ? readyJson(daemon.doors) : readyText(daemon.doors, dir)),
    drain: (graceMs) => daemon.drain(graceMs),
    describe(error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      return { error: message, stack };
    },
  });
}
