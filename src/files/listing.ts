import { closeSync, lstatSync, type Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { dirents } from "./dirents.ts";
import type { Entry, EntryPage } from "./entry.ts";
import { type Jail, within } from "./jail.ts";
import { fileLimits } from "./limits.ts";
import { isSayable, isVisible } from "./path.ts";

/** A listing works for so long before everybody else has a turn. */
const MS_A_TURN = 2;
/**
 * A look at a file that took longer came from a slow disk, or the system was busy elsewhere: for a while the others are taken
 * off the loop, which costs three times as much.
 */
const SLOW_MS = 10;
const SLOW_FOR_MS = 1_000;

/** A folder that is listed: its descriptor, and how its visitor gets at what lies in it. */
export interface Folder {
  readonly fd: number;
  readonly home: readonly string[];
  readonly parts: readonly string[];
}

/** Reads folders in pieces: bounded memory and short turns, however large they are. */
export class Listing {
  private slowUntil = 0;

  constructor(
    private readonly jail: Jail,
    private readonly dotfiles: boolean,
  ) {}

  /** All entries, at most 500 at a time; sorted when there are at most 10,000. */
  async *entries(folder: Folder): AsyncGenerator<readonly Entry[]> {
    let names: string[] = [];
    let sorted = true;
    for (const name of this.names(folder.fd)) {
      if (name === null) {
        await turn();
        continue;
      }
      names.push(name);
      if (sorted && names.length <= fileLimits.sorted) continue;
      sorted = false;
      if (names.length < fileLimits.batch) continue;
      yield* this.inBatches(folder, names);
      names = [];
    }
    if (sorted) names.sort(byName);
    yield* this.inBatches(folder, names);
  }

  /** The first `limit` entries behind `after`, in the order of names. */
  async page(folder: Folder, o: { readonly after?: string; readonly limit: number }): Promise<EntryPage> {
    const { after = "", limit } = o;
    let names: string[] = [];
    let more = false;
    const cut = () => {
      names.sort(byName);
      if (names.length > limit) more = true;
      names = names.slice(0, limit);
    };
    for (const name of this.names(folder.fd)) {
      if (name === null) {
        cut();
        await turn();
      } else if (name.normalize("NFC") > after) {
        names.push(name);
        if (names.length >= 2 * limit + fileLimits.batch) cut();
      }
    }
    cut();
    const entries: Entry[] = [];
    for await (const batch of this.inBatches(folder, names)) entries.push(...batch);
    const last = names.at(-1);
    return { entries, next: more && last !== undefined ? last.normalize("NFC") : null };
  }

  /** What is to be shown; null whenever somebody else should have a turn. */
  private *names(fd: number): Generator<string | null> {
    for (const piece of dirents(fd)) {
      for (const { name, kind } of piece) if (kind !== "other" && this.shows(name)) yield name;
      yield null;
    }
  }

  private shows(name: string): boolean {
    return isVisible(name, this.dotfiles) && isSayable(name);
  }

  private async *inBatches(folder: Folder, names: readonly string[]): AsyncGenerator<readonly Entry[]> {
    let batch: Entry[] = [];
    let begun = performance.now();
    for (const name of names) {
      const looked = this.entry(folder, name);
      const entry = looked instanceof Promise ? await looked : looked;
      if (entry !== null) batch.push(entry);
      if (batch.length >= fileLimits.batch) {
        yield batch;
        batch = [];
      }
      if (performance.now() - begun < MS_A_TURN) continue;
      await turn();
      begun = performance.now();
    }
    if (batch.length > 0) yield batch;
  }

  /** Null: it has gone, is no file or folder, or leads to where nothing is served. */
  private entry(folder: Folder, name: string): Entry | null | Promise<Entry | null> {
    const path = within(folder.fd, name);
    const begun = performance.now();
    if (begun < this.slowUntil) {
      return lstat(path).then(
        (stats) => this.describe(folder, name, stats),
        () => null,
      );
    }
    try {
      return this.describe(folder, name, lstatSync(path));
    } catch {
      return null;
    } finally {
      const ended = performance.now();
      if (ended - begun > SLOW_MS) this.slowUntil = ended + SLOW_FOR_MS;
    }
  }

  private describe(folder: Folder, name: string, stats: Stats): Entry | null {
    if (!stats.isSymbolicLink()) return entryOf(name, stats);
    try {
      const place = this.jail.locate(folder.home, [...folder.parts, name]);
      closeSync(place.fd);
      return entryOf(name, place.stats);
    } catch {
      return null;
    }
  }
}

/** By what is told, so that a name that the disk has decomposed stands where it is looked for. */
function byName(a: string, b: string): number {
  const left = a.normalize("NFC");
  const right = b.normalize("NFC");
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A file or folder as it is told; null for a pipe, a device and the like, which are not served. */
export function entryOf(name: string, stats: Stats): Entry | null {
  const isFolder = stats.isDirectory();
  if (!isFolder && !stats.isFile()) return null;
  return {
    name: name.normalize("NFC"),
    type: isFolder ? "dir" : "file",
    size: isFolder ? 0 : stats.size,
    mtime: Math.floor(stats.mtimeMs),
    mode: stats.mode & 0o777,
    id: idOf(stats),
  };
}

/** The same for the same file, whatever its name. */
export function idOf({ dev, ino }: Stats): string {
  return `${dev.toString(36)}-${ino.toString(36)}`;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
