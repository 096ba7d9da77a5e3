import { escapeText } from "./bytes/text.ts";
import { type Clock, systemClock } from "./clock.ts";

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

export const LEVELS: readonly Level[] = ["debug", "info", "warn", "error"];

export type LogFormat = "text" | "json";

/** The part of Bun's `FileSink` that the log needs. `flush` is a promise while the reader of a pipe does not keep up. */
export interface LogSink {
  write(text: string): number | Promise<number>;
  flush(): number | Promise<number>;
}

/** Characters that may wait for a reader who does not keep up; what comes then is dropped and counted. */
const MAX_WAITING = 1024 * 1024;
/** How long the end of the process waits for such a reader. */
const LAST_FLUSH_MS = 500;

/**
 * Writes events as lines, by default to stderr. Lines are joined and written once a loop turn, errors at once. A reader
 * that is stuck never blocks the loop (measured: Bun's sink answers with a promise) and costs at most 1 MiB; what was
 * dropped meanwhile is told as `log-dropped`. A reader that is gone is forgotten.
 */
export class LineLog implements Log {
  private readonly clock: Clock;
  private readonly sink: LogSink;
  private readonly least: number;
  private readonly format: (time: string, level: Level, event: string, fields: Fields) => string;
  private lines = "";
  private dropped = 0;
  private scheduled = false;
  private writing: Promise<unknown> | null = null;

  constructor(o: { format: LogFormat; level: Level; clock?: Clock; sink?: LogSink }) {
    this.clock = o.clock ?? systemClock;
    this.sink = o.sink ?? Bun.stderr.writer();
    this.least = LEVELS.indexOf(o.level);
    this.format = o.format === "json" ? jsonLine : textLine;
  }

  debug(event: string, fields: Fields = {}): void {
    this.add("debug", event, fields);
  }

  info(event: string, fields: Fields = {}): void {
    this.add("info", event, fields);
  }

  warn(event: string, fields: Fields = {}): void {
    this.add("warn", event, fields);
  }

  error(event: string, fields: Fields = {}): void {
    this.add("error", event, fields);
    this.flushNow();
  }

  /** Everything told so far has been written, or its reader did not take it within half a second. */
  async flush(): Promise<void> {
    this.flushNow();
    const deadline = Promise.withResolvers<void>();
    const cancel = this.clock.after(LAST_FLUSH_MS, deadline.resolve);
    while (this.writing !== null && (await Promise.race([this.writing.then(() => true), deadline.promise]))) {}
    cancel();
  }

  private add(level: Level, event: string, fields: Fields): void {
    if (LEVELS.indexOf(level) < this.least) return;
    if (this.lines.length >= MAX_WAITING) {
      this.dropped++;
      return;
    }
    this.lines += this.line(level, event, fields);
    if (this.scheduled || this.writing !== null) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.flushNow();
    });
  }

  private line(level: Level, event: string, fields: Fields): string {
    return this.format(new Date(this.clock.now()).toISOString(), level, event, fields);
  }

  private flushNow(): void {
    if (this.writing !== null || this.lines === "") return;
    const lines = this.lines;
    this.lines = "";
    try {
      void this.sink.write(lines);
      const taken = this.sink.flush();
      if (taken instanceof Promise) this.writing = taken.then(this.written, this.written);
    } catch {
      // EPIPE: there is nobody left to tell.
    }
  }

  private readonly written = (): void => {
    this.writing = null;
    if (this.dropped > 0) this.lines += this.line("warn", "log-dropped", { count: this.dropped });
    this.dropped = 0;
    this.flushNow();
  };
}

function jsonLine(time: string, level: Level, event: string, fields: Fields): string {
  const safe: Record<string, unknown> = { time, level, event };
  for (const [key, value] of Object.entries(fields)) safe[key] = typeof value === "string" ? escapeText(value) : value;
  return `${JSON.stringify(safe)}\n`;
}

/** `2026-01-02T03:04:05.678Z warn  closed door=line reason="took nothing for 60 s"` */
function textLine(time: string, level: Level, event: string, fields: Fields): string {
  let line = `${time} ${level.padEnd(5)} ${event}`;
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) line += ` ${key}=${typeof value === "string" ? textValue(value) : value}`;
  }
  return `${line}\n`;
}

function textValue(value: string): string {
  const safe = escapeText(value);
  return /^[^\s"=]+$/.test(safe) ? safe : `"${safe.replaceAll('"', '\\"')}"`;
}
