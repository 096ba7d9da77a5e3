import { checkLimits, connectionLimit, descriptorLimit } from "../../config/limits.ts";
import { load } from "../../config/load.ts";
import type { Values } from "../../config/option.ts";
import { listenHosts } from "../../where.ts";
import { runOptions } from "./options.ts";

export type RunSettings = Values<typeof runOptions>;

/** Reads and checks the settings. Throws {@link CommandError}. */
export function readSettings(flags: Readonly<Record<string, unknown>>): RunSettings {
  const { values, origin } = load(runOptions, { flags, env: process.env });
  checkLimits(values);
  return {
    ...values,
    host: listenHosts(values.host, origin("host")),
    maxConnections: connectionLimit(values.maxConnections, descriptorLimit()),
  };
}
