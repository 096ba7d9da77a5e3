import { closeSync, constants, openSync } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { escapeText } from "../bytes/text.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { messageOf } from "../thrown.ts";
import type { Transfer } from "./transfers.ts";

/** Lines are gathered for so long, so that a thousand small files are not a thousand writes. */
const GATHER_MS = 100;
/** Characters that may wait for a disk that does not take them; what comes then is dropped and counted. */
const MAX_WAITING = 1024 * 1024;
/** How often at most the log is told that lines were lost. */
const COMPLAIN_MS = 60_000;
/** How long the end of the daemon waits for the disk. */
const LAST_WRITE_MS = 2_000;

const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants;
/** Not through a link that somebody laid there; and a pipe that nobody reads is an error, not a wait. */
const FLAGS = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK;
const MODE = 0o600;

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/**
 * Appends a line for every transfer that has ended, in the classic format of wu-ftpd's xferlog(5), off the loop. A file
 * that was moved away (logrotate) is made anew. A disk that fails costs lines, which the log is told of, and nothing else.
 */
export class Xferlog {
  private lines = "";
  private lost = 0;
  private complainAt = Number.NEGATIVE_INFINITY;
  private cancel: (() => void) | null = null;
  private writing: Promise<void> | null = null;
  private handle: FileHandle | null = null;
  /** A write stopped within a line. */
  private torn = false;

  /** @throws system errors when the file can neither be opened nor made */
  constructor(
    private readonly path: string,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    closeSync(openSync(path, FLAGS, MODE));
  }

  add(transfer: Transfer): void {
    if (this.lines.length >= MAX_WAITING) {
      this.lost += 1;
      return;
    }
    this.lines += xferlogLine(transfer, new Date(this.clock.now()));
    if (this.writing === null) this.cancel ??= this.clock.after(GATHER_MS, () => void this.flush());
  }

  /** Writes what is left, unless the disk does not take it in two seconds. */
  async close(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const cancel = this.clock.after(LAST_WRITE_MS, late.resolve);
    await Promise.race([this.flush().then(() => this.handle?.close()), late.promise]);
    cancel();
  }

  private async flush(): Promise<void> {
    this.cancel?.();
    this.cancel = null;
    if (this.lines !== "") this.writing ??= this.writeAll();
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.lines !== "") {
      const lines = this.lines;
      this.lines = "";
      await this.write(lines).then(
        () => this.written(),
        (error: unknown) => this.failed(error, lines),
      );
    }
    this.writing = null;
  }

  private async write(lines: string): Promise<void> {
    const file = await this.current();
    let rest = Buffer.from(this.torn ? `\n${lines}` : lines);
    while (rest.length > 0) {
      const { bytesWritten } = await file.write(rest);
      rest = rest.subarray(bytesWritten);
      this.torn = rest.length > 0;
    }
  }

  /** The file that has the path at this moment. */
  private async current(): Promise<FileHandle> {
    const held = this.handle;
    if (held !== null) {
      const [mine, there] = await Promise.all([held.stat(), stat(this.path).catch(() => null)]);
      if (there !== null && there.ino === mine.ino && there.dev === mine.dev) return held;
      this.handle = null;
      await held.close().catch(() => {});
    }
    const file = await open(this.path, FLAGS, MODE);
    this.handle = file;
    this.torn = false;
    return file;
  }

  /** What was lost and not yet told of is told when the disk works again. */
  private written(): void {
    if (this.lost > 0) this.complain("the disk took no more lines for a while");
  }

  private failed(error: unknown, lines: string): void {
    this.lost += lines.split("\n").length - 1;
    const now = this.clock.mono();
    if (now < this.complainAt) return;
    this.complainAt = now + COMPLAIN_MS;
    this.complain(messageOf(error));
  }

  private complain(error: string): void {
    this.log.error("xferlog-failed", { path: this.path, lost: this.lost, error });
    this.lost = 0;
  }
}

/**
 * `Thu Jan  2 03:04:05 2026 12 10.0.0.5 1048576 /big.iso b _ o r ann ftp 0 * c` in local time. Blanks and control
 * characters in the path are escaped, so that every line has the same number of words.
 */
export function xferlogLine({ spec, bytes, outcome, elapsed }: Transfer, now: Date): string {
  const { door, account, host, direction, path } = spec;
  const words = [
    classicTime(now),
    String(Math.max(1, Math.round(elapsed / 1000))),
    host === "" ? "unix" : host,
    String(bytes),
    oneWord(path),
    // Binary, and no special action such as compression.
    "b _",
    direction === "get" ? "o" : "i",
    account === null ? "a" : "r",
    oneWord(account ?? "anonymous"),
    door,
    // Nobody asked an ident server who it is.
    "0 *",
    outcome === "done" ? "c" : "i",
  ];
  return `${words.join(" ")}\n`;
}

/** As ctime(3) writes it. */
function classicTime(time: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const day = String(time.getDate()).padStart(2, " ");
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
  return `${DAYS[time.getDay()]} ${MONTHS[time.getMonth()]} ${day} ${clock} ${time.getFullYear()}`;
}

function oneWord(text: string): string {
  return escapeText(text).replace(/\s/g, (blank) => `\\x${blank.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
