import { formatSize } from "./bytes/amounts.ts";
import { quote } from "./bytes/text.ts";
import type { Clock } from "./clock.ts";
import type { VaultEvent } from "./files/vault.ts";

/** Uploads are gathered for so long before they are told … */
const GATHER_MS = 1_000;
/** … and while one storm follows another twice as long each time, up to this. */
const LONGEST_MS = 60_000;
/** More at once are told as one line. */
const MOST_LINES = 5;
/** A name that is longer is cut; how to get the file is told in full. */
const LONGEST_NAME = 80;

export interface AnnouncerOptions {
  readonly clock: Clock;
  /** How a door is called in front of people: `FTP`. */
  titleOf(door: string): string;
  /** Tells it. */
  say(text: string): void;
  /** How to get a path, best first. */
  ways(path: string): readonly string[];
}

/** A file that was stored. */
interface Upload {
  readonly who: string;
  readonly path: string;
  readonly size: number;
}

/**
 * Tells a room of files that have been added: who, what, how large and how to get it. Many at once become one line. Names
 * that are hidden are not told, nor are addresses.
 */
export class Announcer {
  private first: Upload[] = [];
  private count = 0;
  private bytes = 0;
  private wait = GATHER_MS;
  private gathering = false;

  constructor(private readonly o: AnnouncerOptions) {}

  /** For {@link Vault.watch}. */
  readonly hear = ({ kind, path, entry, visitor, door }: VaultEvent): void => {
    if (kind !== "stored" || path.includes("/.")) return;
    const size = entry?.size ?? 0;
    this.count += 1;
    this.bytes += size;
    const upload = { who: visitor.nick ?? visitor.account ?? `somebody by ${this.o.titleOf(door)}`, path, size };
    // One more than is told in lines of their own, to see whether all are by the same.
    if (this.first.length <= MOST_LINES) this.first.push(upload);
    else if (this.first[0]?.who !== upload.who) this.first[MOST_LINES] = upload;
    this.gather();
  };

  private gather(): void {
    if (this.gathering) return;
    this.gathering = true;
    this.o.clock.after(this.wait, () => this.tell());
  }

  private tell(): void {
    const uploads = this.first;
    const [count, bytes] = [this.count, this.bytes];
    this.first = [];
    this.count = this.bytes = 0;
    this.gathering = false;
    if (count > MOST_LINES) {
      this.o.say(storm(uploads, count, bytes));
      this.wait = Math.min(2 * this.wait, LONGEST_MS);
      // If nothing comes meanwhile, the storm is over.
      this.gather();
      return;
    }
    this.wait = GATHER_MS;
    for (const upload of uploads) this.o.say(this.line(upload));
  }

  private line({ who, path, size }: Upload): string {
    const ways = this.o.ways(path).join("  or  ");
    const what = `${who} uploaded ${quote(path.slice(1), LONGEST_NAME)} (${formatSize(size)})`;
    return ways === "" ? what : `${what}; get it: ${ways}`;
  }
}

/** `ann uploaded 12 files (34 MB); /files lists them` */
function storm(uploads: readonly Upload[], count: number, bytes: number): string {
  const who = uploads[0]?.who ?? "";
  const same = uploads.every((upload) => upload.who === who);
  return `${same ? who : "several people"} uploaded ${count} files (${formatSize(bytes)}); /files lists them`;
}
