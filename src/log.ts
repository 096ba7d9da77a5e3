/** What a log event carries beside its name: plain values; peer text is escaped when it is written, not by the caller. */
export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type Level = "debug" | "info" | "warn" | "error";

/**
 * Where everything that happens is told, as events and not as lines: `log.warn("closed", { door: "line", reason: "slow" })`.
 * Event names are lower case with dashes and never change their meaning; only `src/log.ts` turns them into text or JSON.
 */
export interface Log {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
}

/** A log that forgets, for tests and for commands that have nothing to tell. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
