import { closeSync, lstatSync, type Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import { nextTurn } from "../next-turn.ts";
import { within } from "./descriptor-path.ts";
import { dirents } from "./dirents.ts";
import type { Entry, EntryPage } from "./entry.ts";
import { entryOf } from "./entry-of.ts";
import type { Jail } from "./jail.ts";
import { fileLimits } from "./limits.ts";
import { statAt } from "./naming.ts";
import { byName, NameScan, NamesAhead, type NextNames, scanned } from "./next-names.ts";
import { isSayable, isVisible } from "./path.ts";
import type { UnservedNames } from "./unserved-names.ts";

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
  private readonly ahead: NamesAhead;

  constructor(
    private readonly jail: Jail,
    private readonly dotfiles: boolean,
    private readonly clock: Clock,
    private readonly unserved: UnservedNames,
  ) {
    this.ahead = new NamesAhead(clock);
  }

  /** All entries, at most 500 at a time; sorted when there are at most 10,000. */
  async *entries(folder: Folder): AsyncGenerator<readonly Entry[]> {
    const sorted = await this.sorted(folder);
    if (sorted !== null) {
      yield* this.inBatches(folder, sorted);
      return;
    }
    let names: string[] = [];
    for (const name of this.names(folder)) {
      if (name === null) await nextTurn();
      else if (names.push(name) >= fileLimits.batch) {
        yield* this.inBatches(folder, names);
        names = [];
      }
    }
    yield* this.inBatches(folder, names);
  }

  /**
   * All names in their order; null when they are too many, and whoever wants them reads the folder again: what has been read
   * would wait with a peer who does not read, 10,000 names for each.
   */
  private async sorted(folder: Folder): Promise<string[] | null> {
    const names: string[] = [];
    for (const name of this.names(folder)) {
      if (name === null) await nextTurn();
      else if (names.push(name) > fileLimits.sorted) return null;
    }
    return names.sort(byName);
  }

  /** The first `limit` entries behind `after`, in the order of names. */
  async page(folder: Folder, o: { readonly after?: string; readonly limit: number }): Promise<EntryPage> {
    const { after = "", limit } = o;
    const found = this.ahead.take(folder.fd, after) ?? (await this.scan(folder, after, limit));
    const names = found.names.slice(0, limit);
    const rest = found.names.slice(limit);
    const next = rest.length > 0 || found.more ? (names.at(-1)?.normalize("NFC") ?? null) : null;
    if (next !== null && rest.length > 0) this.ahead.keep(folder.fd, next, { names: rest, more: found.more });
    const entries: Entry[] = [];
    for await (const batch of this.inBatches(folder, names)) entries.push(...batch);
    return { entries, next };
  }

  private async scan(folder: Folder, after: string, limit: number): Promise<NextNames> {
    const scan = new NameScan(after, scanned(limit));
    for (const name of this.names(folder)) {
      if (name === null) await nextTurn();
      else scan.add(name);
    }
    return scan.end();
  }

  /** What is to be shown; null whenever somebody else should have a turn. */
  private *names({ fd, home, parts }: Folder): Generator<string | null> {
    let unserved = 0;
    for (const piece of dirents(fd, () => unserved++)) {
      for (const { name, kind } of piece) {
        if (kind === "other" || !isVisible(name, this.dotfiles)) continue;
        if (isSayable(name) && !isHiddenByTwin(fd, name)) yield name;
        else unserved++;
      }
      yield null;
    }
    if (unserved > 0) this.unserved.found([...home, ...parts], unserved);
  }

  private async *inBatches(folder: Folder, names: readonly string[]): AsyncGenerator<readonly Entry[]> {
    let batch: Entry[] = [];
    let begun = this.clock.mono();
    for (const name of names) {
      const looked = this.entry(folder, name);
      const entry = looked instanceof Promise ? await looked : looked;
      if (entry !== null) batch.push(entry);
      if (batch.length >= fileLimits.batch) {
        yield batch;
        batch = [];
      }
      if (this.clock.mono() - begun < MS_A_TURN) continue;
      await nextTurn();
      begun = this.clock.mono();
    }
    if (batch.length > 0) yield batch;
  }

  /** Null: it has gone, is no file or folder, or leads to where nothing is served. */
  private entry(folder: Folder, name: string): Entry | null | Promise<Entry | null> {
    const path = within(folder.fd, name);
    const begun = this.clock.mono();
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
      const ended = this.clock.mono();
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

/** Of a composed and a decomposed name that are the same to whoever asks, the composed one is found ({@link Jail}). */
function isHiddenByTwin(folder: number, name: string): boolean {
  const composed = name.normalize("NFC");
  return composed !== name && statAt({ folder, name: composed }) !== null;
}
