import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { joinPath } from "./path.ts";

/** A folder is not told of again for so long: who lists it every second would fill the log. */
const QUIET_MS = 60 * 60 * 1000;
/** Folders that are remembered; of more nothing is told until one of these may be told of again. */
const MOST_FOLDERS = 256;

/** Tells the log of names on the disk that nobody can ask for, so that whoever shares them learns why they are not listed. */
export class UnservedNames {
  /** When a folder was told of, oldest first. */
  private readonly told = new Map<string, number>();

  constructor(
    private readonly log: Log,
    private readonly clock: Clock,
  ) {}

  /** So many names in a folder were left out of a list. */
  found(folder: readonly string[], count: number): void {
    const path = joinPath(folder);
    const now = this.clock.mono();
    this.forgetBefore(now - QUIET_MS);
    if (this.told.has(path) || this.told.size >= MOST_FOLDERS) return;
    this.told.set(path, now);
    const why = "not valid UTF-8, with backslashes or control characters, or another one looks the same; rename them";
    this.log.warn("names-not-served", { folder: path, count, why });
  }

  private forgetBefore(time: number): void {
    for (const [path, at] of this.told) {
      if (at > time) return;
      this.told.delete(path);
    }
  }
}
