import { fstatSync } from "node:fs";
import type { Clock } from "../clock.ts";
import { idOf } from "./entry-of.ts";
import { fileLimits } from "./limits.ts";

/** Pages that are remembered for whoever asks for the next one: some 10 MiB of names at worst. */
const MOST_AHEAD = 4;

/**
 * A folder's time tells of a change only to the tick of the system's clock, 10 ms at most: what has changed just now may
 * change again without another time.
 */
const RACY_MS = 50;

/** Names in their order, and whether there are more behind them. */
export interface NextNames {
  readonly names: readonly string[];
  readonly more: boolean;
}

/** Finds the first `count` names behind `after` in one pass over a folder, holding twice as many at most. */
export class NameScan {
  private names: string[] = [];
  /** The last name that may still be among them; what lies behind it is only counted as more. */
  private last: string | null = null;
  private more = false;

  constructor(
    private readonly after: string,
    private readonly count: number,
  ) {}

  add(name: string): void {
    const told = name.normalize("NFC");
    if (told <= this.after) return;
    if (this.last !== null && told > this.last) this.more = true;
    else if (this.names.push(name) >= 2 * this.count) this.cut();
  }

  end(): NextNames {
    this.cut();
    return { names: this.names, more: this.more };
  }

  private cut(): void {
    this.names.sort(byName);
    if (this.names.length <= this.count) return;
    this.more = true;
    this.names.length = this.count;
    this.last = this.names.at(-1)?.normalize("NFC") ?? null;
  }
}

/**
 * What was found beyond a page, for the next one. Without it each page of a folder of 100,000 files reads all of it again:
 * 40 times, where ten will do.
 */
export class NamesAhead {
  private readonly kept = new Map<string, NextNames>();

  constructor(private readonly clock: Clock) {}

  /** Names behind `after`, as long as the folder has not changed since; once. */
  take(folder: number, after: string): NextNames | null {
    const { key } = this.stamp(folder, after);
    const found = this.kept.get(key) ?? null;
    this.kept.delete(key);
    return found;
  }

  keep(folder: number, after: string, names: NextNames): void {
    const { key, age } = this.stamp(folder, after);
    if (age < RACY_MS) return;
    this.kept.set(key, names);
    if (this.kept.size <= MOST_AHEAD) return;
    for (const oldest of this.kept.keys()) {
      this.kept.delete(oldest);
      return;
    }
  }

  private stamp(folder: number, after: string): { readonly key: string; readonly age: number } {
    const stats = fstatSync(folder);
    return { key: `${idOf(stats)} ${stats.mtimeMs} ${after}`, age: this.clock.now() - stats.mtimeMs };
  }
}

/** How many names are looked for at once: more than a page has. */
export function scanned(limit: number): number {
  return Math.max(limit, fileLimits.sorted);
}

/** By what is told, so that a name that the disk has decomposed stands where it is looked for. */
export function byName(a: string, b: string): number {
  const left = a.normalize("NFC");
  const right = b.normalize("NFC");
  return left < right ? -1 : left > right ? 1 : 0;
}
