import type { Log } from "../log.ts";
import type { Transfer } from "./transfers.ts";

/** One line of the log for a transfer that has ended: a warning when it failed, else for information. */
export function logTransfer(log: Log, { spec, bytes, outcome, detail, elapsed, rate }: Transfer): void {
  const { door, account, host, direction, path, offset, length } = spec;
  const fields = {
    ...{ door, who: account ?? "anonymous", peer: host, direction, path, bytes },
    size: length === null ? null : offset + length,
    seconds: Math.round(elapsed) / 1000,
    rate: Math.round(rate),
    outcome,
    ...(detail === null ? {} : { detail }),
  };
  if (outcome === "failed") log.warn("transfer", fields);
  else log.info("transfer", fields);
}
