import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { DEADLINE_MS, within } from "./deadline.ts";
import { Program, type ProgramOptions } from "./program.ts";
import { TempFolder } from "./temp.ts";

/** The binary under test: `dist/tincan`, or what `TINCAN_BIN` names. */
export const TINCAN = process.env["TINCAN_BIN"] ?? resolve(import.meta.dir, "../../dist/tincan");

/** A line of the JSON log. */
export interface LogEvent {
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface Ready {
  readonly event: "ready";
  readonly version: string;
  readonly pid: number;
  readonly doors: Readonly<Record<string, { readonly port: number; readonly listeners: readonly Listening[] }>>;
}

export interface Listening {
  readonly transport: "tcp" | "tls" | "udp" | "unix";
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
}

/** A daemon of its own on free ports. Its end is part of the test: at dispose it must drain and exit with 0. */
export class Tincan implements AsyncDisposable {
  /** Everything it logged so far. */
  readonly events: LogEvent[] = [];
  private readonly garbage: string[] = [];
  private logged = Promise.withResolvers<void>();
  private stopped: Promise<number> | null = null;

  constructor(
    private readonly program: Program,
    readonly folder: TempFolder,
    readonly ready: Ready,
  ) {
    void this.collect();
  }

  get pid(): number {
    return this.ready.pid;
  }

  /** The TCP port of a door that is open. */
  port(door: string): number {
    const found = this.ready.doors[door];
    if (found === undefined) throw new Error(`no door ${door} among ${Object.keys(this.ready.doors).join(", ")}`);
    return found.port;
  }

  /** Resident memory in bytes. */
  rss(): number {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, "utf8")) ?? [];
    return Number(kib) * 1024;
  }

  /** User and system CPU time used so far, in seconds. */
  cpu(): number {
    const fields = readFileSync(`/proc/${this.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  /** Open descriptors. */
  fds(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /** The first logged event that matches, whether it came already or is still to come. */
  waitForEvent(wanted: (event: LogEvent) => boolean, ms = DEADLINE_MS): Promise<LogEvent> {
    return this.waitForEvents(1, wanted, ms).then(([found]) => found as LogEvent);
  }

  /** As soon as `count` logged events match: all of them. */
  waitForEvents(count: number, wanted: (event: LogEvent) => boolean, ms = DEADLINE_MS): Promise<LogEvent[]> {
    let seen = 0;
    const found: LogEvent[] = [];
    const wait = async () => {
      for (;;) {
        for (; seen < this.events.length; seen++) {
          const event = this.events[seen];
          if (event !== undefined && wanted(event)) found.push(event);
        }
        if (found.length >= count) return found;
        await this.logged.promise;
      }
    };
    return within(wait(), () => `${count} log events, ${found.length} came; the last are ${this.shown()}`, ms);
  }

  /** How the connection of `peer` (its address) ended: the one `closed` event. */
  closed(peer: string, ms?: number): Promise<LogEvent> {
    return this.waitForEvent((event) => event.event === "closed" && event["peer"] === peer, ms);
  }

  signal(signal: NodeJS.Signals): void {
    this.program.kill(signal);
  }

  /** Signals it once and waits for its exit code. */
  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number> {
    if (this.stopped === null) {
      this.program.kill(signal);
      this.stopped = this.program.exited(20_000);
    }
    return this.stopped;
  }

  /** Its exit code, when something else ends it. */
  exited(ms?: number): Promise<number> {
    this.stopped = this.program.exited(ms);
    return this.stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const expected = this.stopped === null;
    try {
      const code = await this.stop();
      if (expected && code !== 0) throw new Error(`tincan ended with ${code}; it logged ${this.shown()}`);
      if (this.garbage.length > 0) throw new Error(`not JSON on stderr: ${this.garbage.join("\n")}`);
    } finally {
      await this.program[Symbol.asyncDispose]();
      this.folder[Symbol.dispose]();
    }
  }

  private async collect(): Promise<void> {
    for await (const line of this.program.stderr.lines()) {
      try {
        this.events.push(JSON.parse(line));
      } catch {
        this.garbage.push(line);
      }
      this.logged.resolve();
      this.logged = Promise.withResolvers<void>();
    }
  }

  private shown(): string {
    return this.events
      .slice(-20)
      .map((event) => JSON.stringify(event))
      .join("\n");
  }
}

export interface TincanOptions extends ProgramOptions {
  /** What starts it, instead of the binary itself: `["sh", "-c", "ulimit -n 300; exec \"$@\"", "sh", TINCAN]`. */
  readonly command?: readonly string[];
}

/**
 * Starts `tincan serve` on free ports, with a state folder of its own and every event logged, and waits until it is
 * ready: `await using tincan = await startTincan(["--doors", "echo"])`.
 */
export async function startTincan(flags: readonly string[] = [], o: TincanOptions = {}): Promise<Tincan> {
  const folder = new TempFolder();
  const common = ["serve", "--base-port", "0", "--log-format", "json", "--log-level", "debug"];
  const program = new Program([...(o.command ?? [TINCAN]), ...common, "--state-dir", folder.file("state"), ...flags], {
    ...o,
    env: { HOME: folder.path, ...o.env },
  });
  try {
    const ready: Ready = JSON.parse(await program.stdout.readLine());
    return new Tincan(program, folder, ready);
  } catch (cause) {
    await program[Symbol.asyncDispose]();
    const said = program.stderr.unread.toString();
    folder[Symbol.dispose]();
    throw new Error(`tincan did not become ready; on stderr: ${said}`, { cause });
  }
}
