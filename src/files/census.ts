import { closeSync, lstatSync, unlinkSync } from "node:fs";
import type { Clock } from "../clock.ts";
import { dirents } from "./dirents.ts";
import { type Jail, within } from "./jail.ts";
import { fileLimits } from "./limits.ts";
import { type PartCount, partId, readPartName } from "./parts.ts";
import type { Space } from "./space.ts";

/** How often what has been forgotten is looked for, while uploads are allowed. */
const EVERY_MS = 60 * 60 * 1000;

export interface CensusHost {
  readonly jail: Jail;
  readonly parts: PartCount;
  readonly space: Space;
  readonly clock: Clock;
  /** Whether a part belongs to an upload that runs; by the folder's and its own name. */
  isArriving(id: string): boolean;
}

/**
 * Walks the whole tree in small pieces: counts what there is, where a quota has to know it, and the unfinished uploads of
 * everybody; deletes those that nobody went on with. Begins with the first upload, because a share that nobody adds to
 * is never written to.
 */
export class Census {
  private walking: Promise<void> | null = null;
  private cancelNext: (() => void) | null = null;
  private counted = false;
  private stopped = false;

  constructor(private readonly host: CensusHost) {}

  /** Somebody uploads. Resolves at once, or when everything is counted that a quota needs. */
  begin(): Promise<void> {
    this.walking ??= this.walk();
    return this.host.space.hasQuota && !this.counted ? this.walking : Promise.resolve();
  }

  stop(): void {
    this.stopped = true;
    this.cancelNext?.();
  }

  private async walk(): Promise<void> {
    const folders: string[][] = [[]];
    for (let parts = folders.pop(); parts !== undefined && !this.stopped; parts = folders.pop()) {
      try {
        folders.push(...(await this.visit(parts)));
      } catch {
        // It has gone, or is not ours to read.
      }
    }
    this.counted = true;
    if (this.stopped) return;
    this.cancelNext = this.host.clock.after(EVERY_MS, () => {
      this.walking = this.walk();
    });
  }

  /** Counts what lies in one folder; gives the folders below. */
  private async visit(parts: readonly string[]): Promise<string[][]> {
    const { jail, space } = this.host;
    const below: string[][] = [];
    const fd = jail.parent([], [...parts, ""]);
    try {
      for (const piece of dirents(fd)) {
        for (const { name, kind } of piece) {
          if (kind === "dir") below.push([...parts, name]);
          else if (kind === "file" || kind === "unknown") this.count(fd, name, space);
        }
        await new Promise((resolve) => setImmediate(resolve));
        if (this.stopped) break;
      }
    } finally {
      closeSync(fd);
    }
    return below;
  }

  private count(folder: number, name: string, space: Space): void {
    const stats = lstatSync(within(folder, name), { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (!this.counted && space.hasQuota) space.give(-stats.size);
    const part = readPartName(name);
    if (part === null) return;
    const id = partId(folder, name);
    if (this.host.isArriving(id)) return;
    const keptFor = part.orphan ? fileLimits.orphanMs : fileLimits.partMs;
    if (this.host.clock.now() - stats.mtimeMs < keptFor) {
      this.host.parts.found(part.owner, id);
      return;
    }
    unlinkSync(within(folder, name));
    this.host.parts.remove(part.owner, id);
    space.give(stats.size);
  }
}
