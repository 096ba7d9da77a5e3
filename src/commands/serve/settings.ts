import { checkHistory, checkLimits, connectionLimit, descriptorLimit } from "../../config/limits.ts";
import { load } from "../../config/load.ts";
import type { ServeOptions } from "../../config.ts";
import type { Config } from "../../daemon.ts";
import { CommandError, Exit } from "../../exit.ts";
import { anonymousRights } from "../../rights.ts";
import { checkApart, checkShare } from "../../share.ts";
import { checkStateFolder, stateFolder } from "../../state.ts";
import { listenHosts } from "../../where.ts";
import { vainFileSettings } from "./file-settings.ts";
import { vainPageSettings } from "./page-settings.ts";

/** What `serve` and its smoke test begin with: settings that were read from every source and checked against each other. */
export interface Settings {
  readonly config: Config;
  /** The folder that was given to be shared. */
  readonly dir: string | undefined;
  /** Its real path; null when none was given. */
  readonly share: string | null;
  /** The real path of `--site`; null when none was given. */
  readonly site: string | null;
  /** Where what outlives the daemon is kept. */
  readonly stateFolder: string;
  /** What somebody should know although nothing is wrong. */
  readonly warnings: readonly Warning[];
}

interface Warning {
  readonly event: string;
  readonly fields: Readonly<Record<string, number | string>>;
}

/** Reads and checks everything that can be checked before a port is opened. Throws {@link CommandError}. */
export function readSettings(
  table: ServeOptions,
  flags: Readonly<Record<string, unknown>>,
  dir: string | undefined,
): Settings {
  const { values, origin } = load(table, { flags, env: process.env });
  checkLimits(values);
  checkHistory(values);
  if (values.host.length === 0) throw new CommandError(Exit.config, "there is no address to listen on; give --host");
  const state = stateFolder(values.stateDir, process.env);
  if (values.stateDir !== null) checkStateFolder(state);
  const folders = { stateFolder: state, anyway: values.serveAnyway };
  const share = dir === undefined ? null : checkShare(dir, folders);
  const site = typeof values["site"] === "string" ? checkShare(values["site"], folders) : null;

  const descriptors = descriptorLimit();
  const maxConnections = connectionLimit(values.maxConnections, descriptors);
  const host = listenHosts(values.host, origin("host"));
  const vain = share === null && flags["smoke"] !== true ? vainFileSettings(values, origin) : [];
  const warnings: Warning[] = [];
  if (site !== null && share !== null) {
    const everybodyAdds = anonymousRights(values).has("upload");
    if (checkApart(site, share, { everybodyAdds, anyway: values.serveAnyway })) {
      const fields = { site, share, why: "what an account uploads there runs in browsers as a page of the site" };
      warnings.push({ event: "site-in-share", fields });
    }
  }
  if (vain.length > 0) warnings.push({ event: "no-files-shared", fields: { settings: vain.join(" ") } });
  const pageless = vainPageSettings(values.doors, origin);
  if (pageless.length > 0) warnings.push({ event: "no-page", fields: { settings: pageless.join(" ") } });
  if (maxConnections < values.maxConnections) {
    const fields = { from: values.maxConnections, to: maxConnections, nofile: descriptors ?? 0 };
    warnings.push({ event: "max-connections-lowered", fields });
  }
  return {
    config: { ...values, host, maxConnections },
    dir,
    share,
    site,
    stateFolder: state,
    warnings,
  };
}
