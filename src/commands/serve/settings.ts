import { checkLimits, connectionLimit, descriptorLimit } from "../../config/limits.ts";
import { load } from "../../config/load.ts";
import type { ServeOptions } from "../../config.ts";
import type { Config } from "../../daemon.ts";
import { CommandError, Exit } from "../../exit.ts";
import { checkShare } from "../../share.ts";
import { checkStateFolder, stateFolder } from "../../state.ts";
import { defaultHosts } from "../../where.ts";

/** What `serve` and its smoke test begin with: settings that were read from every source and checked against each other. */
export interface Settings {
  readonly config: Config;
  /** The folder that was given to be shared. */
  readonly dir: string | undefined;
  /** Its real path; null when none was given. */
  readonly share: string | null;
  /** Where what outlives the daemon is kept. */
  readonly stateFolder: string;
  /** What somebody should know although nothing is wrong. */
  readonly warnings: readonly { readonly event: string; readonly fields: Readonly<Record<string, number>> }[];
}

/** Reads and checks everything that can be checked before a port is opened. Throws {@link CommandError}. */
export function readSettings(
  table: ServeOptions,
  flags: Readonly<Record<string, unknown>>,
  dir: string | undefined,
): Settings {
  const { values, origin } = load(table, { flags, env: process.env });
  checkLimits(values);
  if (values.host.length === 0) throw new CommandError(Exit.config, "there is no address to listen on; give --host");
  const state = stateFolder(values.stateDir, process.env);
  if (values.stateDir !== null) checkStateFolder(state);
  const share = dir === undefined ? null : checkShare(dir, { stateFolder: state, anyway: values.serveAnyway });

  const descriptors = descriptorLimit();
  const maxConnections = connectionLimit(values.maxConnections, descriptors);
  const host = origin("host") === "default" ? defaultHosts(values.host) : values.host;
  const lowered = maxConnections < values.maxConnections;
  return {
    config: { ...values, host, maxConnections },
    dir,
    share,
    stateFolder: state,
    warnings: lowered
      ? [
          {
            event: "max-connections-lowered",
            fields: { from: values.maxConnections, to: maxConnections, nofile: descriptors ?? 0 },
          },
        ]
      : [],
  };
}
