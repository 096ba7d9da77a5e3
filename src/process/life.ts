import { CommandError, Exit, type ExitCode } from "../exit.ts";
import { isTerminal } from "../libc.ts";
import { type Fields, type Level, LineLog, type LogFormat, type LogSink } from "../log.ts";
import type { ListenError } from "../net/listen.ts";
import { watchResident } from "./resident.ts";
import { endingSignal } from "./signals.ts";

/** What a daemon process does between its start and its end. */
export interface Life {
  readonly log: LineLog;
  /** How long transfers may go on once it drains, in milliseconds. */
  readonly graceMs: number;
  /** Opens all doors or none. */
  start(): Promise<void>;
  /** What is told on stdout once they are open. */
  announce(): string;
  /** Begins once that is written. */
  announced?(): void;
  drain(graceMs: number): Promise<{ killed: number }>;
  /** What the log says of an error that nobody caught. */
  describe(error: unknown): Fields;
}

/** Opens, announces, serves until SIGINT or SIGTERM, drains, and ends the process with 0; a second signal ends it at once. */
export async function live({ log, graceMs, start, announce, announced, drain, describe }: Life): Promise<never> {
  const ending = endingSignal();
  await start();
  survive((error) => log.error("unhandled-error", describe(error)));
  void tell(announce()).then(announced);
  watchResident();
  const signal = await ending;
  log.info("draining", { signal, grace: graceMs });
  const { killed } = await drain(graceMs);
  log.info("stopped", { killed });
  await log.flush();
  process.exit(Exit.ok);
}

const STDERR = 2;

interface LogSettings {
  readonly logFormat: LogFormat | null;
  readonly logLevel: Level;
}

/** The log of a daemon: text on a terminal and JSON otherwise, or what was asked for; on stderr, or through `sink`. */
export function openLog(o: LogSettings, sink?: LogSink): LineLog {
  const format = o.logFormat ?? (isTerminal(STDERR) ? "text" : "json");
  return new LineLog({ format, level: o.logLevel, ...(sink ? { sink } : {}) });
}

const LISTEN_EXIT: Readonly<Record<ListenError["code"], ExitCode>> = {
  "in-use": Exit.unavailable,
  address: Exit.unavailable,
  folder: Exit.cannotCreate,
  permission: Exit.noPermission,
};

/** The end of a program that cannot listen; `instead` says what to do when the port is taken. */
export function cannotListen(error: ListenError, instead: string): CommandError {
  const hint = error.code === "in-use" ? `; ${instead}` : "";
  return new CommandError(LISTEN_EXIT[error.code], `${error.message}${hint}`);
}

/** Once the doors are open, an error that nobody caught came from one peer's work: it is told, and the others go on. */
function survive(report: (error: unknown) => void): void {
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    process.removeAllListeners(event);
    process.on(event, report);
  }
}

/**
 * Writes to standard output without `process.stdout`, whose streams would stay in memory for as long as the daemon runs
 * (7 MB, measured). A reader that has gone, or does not read, is no reason to stop serving.
 */
async function tell(text: string): Promise<void> {
  await Bun.write(Bun.stdout, text).catch(() => {});
}
