import { quote } from "../../bytes/text.ts";
import type { Door } from "../../net/door.ts";
import { ListenError } from "../../net/listen.ts";
import { createRuntime } from "../../net/runtime.ts";
import { TrustedProxies } from "../../net/trusted-proxies.ts";
import { cannotListen, live, openLog } from "../../process/life.ts";
import { announceJson, announceText } from "./announce.ts";
import { openDoors } from "./doors.ts";
import { describeFault } from "./fault.ts";
import { loadHandlers } from "./load.ts";
import type { RunSettings } from "./settings.ts";

/** Loads the file, opens its door, announces it on stdout and serves until a signal; then drains and exits with 0. */
export async function run(name: string, settings: RunSettings): Promise<void> {
  const { file, ...handlers } = await loadHandlers(name);
  const { logFormat, drainGrace, maxConnections, maxPerAddress, maxOutbox, trustProxy } = settings;
  const log = openLog(settings);
  const limits = { maxConnections, maxPerAddress, maxOutbox };
  const runtime = createRuntime({ log, limits, proxies: new TrustedProxies(trustProxy) });
  const door = openDoors(runtime, log, file, handlers, settings);
  await live({
    log,
    graceMs: drainGrace,
    start: () => start(door),
    announce: () => (logFormat === "json" ? announceJson(door) : announceText(quote(name), door)),
    drain(graceMs) {
      door.suspend();
      return door.drain(runtime.clock.mono() + graceMs);
    },
    // The file's own timers and forgotten promises; its peers go on.
    describe: (error) => ({ detail: describeFault(error, file) }),
  });
}

async function start(door: Door): Promise<void> {
  try {
    await door.start();
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    throw cannotListen(error, "try --port 0 for any free one");
  }
}
