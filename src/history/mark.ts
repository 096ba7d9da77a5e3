import { closeSync, constants, fsyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** All that was told is on the disk; some of it may not be; and the end was in peace. */
type Word = "settled" | "ahead" | "closed";

const LONGEST = Math.max(...["settled", "ahead", "closed"].map((word) => word.length));

/**
 * A file that says whether numbers may have been told that are not in the database, for the start after a sudden end. It is
 * written without a sync, twice for each batch: the kernel keeps what a killed process has written. After a loss of power
 * it says nothing, unless it was closed; the machine's boot id in it tells that.
 */
export class Mark {
  /** How the last daemon ended: everything that it told is in the database. */
  readonly clean: boolean;
  /**
   * What the last daemon wrote into the database at its start, and what this one writes there: another database, such as
   * an older copy that somebody put back, has another number (of 31 bits; 0 where none was written).
   */
  readonly last: number;
  readonly own: number;
  private readonly path: string;
  private readonly boot: string;
  private fd: number | null = null;
  private word: Word = "closed";

  /** Reads it; changes nothing. */
  constructor(folder: string, boot: string = bootId()) {
    this.path = join(folder, "history.mark");
    this.boot = boot;
    const [then, word, number] = readWords(this.path);
    this.last = Number(number ?? 0);
    this.own = newNumber();
    this.clean = word === "closed" || (word === "settled" && then === boot && boot !== "");
  }

  /** Takes it over, once the database is this daemon's alone. */
  begin(): void {
    this.fd = openSync(this.path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    this.write("settled");
    fsyncSync(this.fd);
  }

  /** Something is about to be told that is not on the disk. */
  ahead(): void {
    if (this.word !== "ahead") this.write("ahead");
  }

  settled(): void {
    if (this.word !== "settled") this.write("settled");
  }

  /** @param clean everything that was told is in the database */
  close(clean: boolean): void {
    if (this.fd === null) return;
    if (clean) {
      this.write("closed");
      fsyncSync(this.fd);
    }
    closeSync(this.fd);
    this.fd = null;
  }

  private write(word: Word): void {
    this.word = word;
    if (this.fd === null) return;
    try {
      writeSync(this.fd, `${this.boot} ${word.padEnd(LONGEST)} ${this.own}\n`, 0);
    } catch {
      this.remove();
    }
  }

  /** Without it the next start takes nothing for granted. */
  private remove(): void {
    try {
      rmSync(this.path, { force: true });
    } catch {
      // The disk keeps it as it is; whoever speaks goes on speaking.
    }
  }
}

function readWords(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").trim().split(/\s+/);
  } catch {
    return [];
  }
}

function newNumber(): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return (random >>> 1) | 1;
}

/** A name for the time since the machine was started; "" where there is none. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}
