import { closeSync, lstatSync } from "node:fs";
import type { Clock } from "../clock.ts";
import { nextTurn } from "../next-turn.ts";
import { within } from "./descriptor-path.ts";
import { dirents } from "./dirents.ts";
import { deleteFile } from "./freeing.ts";
import type { Jail } from "./jail.ts";
import { fileLimits } from "./limits.ts";
import type { PartCount } from "./part-count.ts";
import { partId, readPartName } from "./parts.ts";
import type { Space } from "./space.ts";

/** How often what has been forgotten is looked for, while uploads are allowed. */
const EVERY_MS = 60 * 60 * 1000;
/** It counts for so long before everybody else has a turn: on a slow disk that is one file. */
const MS_A_TURN = 2;

/** One walk over the whole tree. */
interface Walk {
  /** False: another one has begun in its place, or none is wanted any more. */
  isOn: boolean;
  /** Of the files that it has seen. */
  bytes: number;
}

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
  private current: Walk = { isOn: false, bytes: 0 };
  private cancelNext: () => void = () => {};
  private stopped = false;

  constructor(private readonly host: CensusHost) {}

  /** Somebody uploads. Resolves at once, or when everything is counted that a quota needs. */
  begin(): Promise<void> {
    this.walking ??= this.walk();
    return this.host.space.isUnknown ? this.walking : Promise.resolve();
  }

  /** The tree is another one: it is counted anew, if anybody needs that. */
  restart(): void {
    if (this.walking === null) return;
    this.abandon();
    this.walking = this.walk();
  }

  stop(): void {
    this.stopped = true;
    this.abandon();
  }

  /** Ends the walk under way, and keeps the next one from beginning. */
  private abandon(): void {
    this.current.isOn = false;
    this.cancelNext();
  }

  /** Who waits for a walk that was abandoned waits for the one in its place. */
  private async walk(): Promise<void> {
    const walk: Walk = { isOn: !this.stopped, bytes: 0 };
    this.current = walk;
    const counted = this.host.space.beginCount();
    const forget = this.host.parts.beginCount();
    const folders: string[][] = [[]];
    for (let parts = folders.pop(); parts !== undefined && walk.isOn; parts = folders.pop()) {
      try {
        folders.push(...(await this.visit(walk, parts)));
      } catch {
        // It has gone, or is not ours to read.
      }
    }
    if (!walk.isOn) {
      if (!this.stopped) await this.walking;
      return;
    }
    counted(walk.bytes);
    forget(this.host.isArriving);
    this.cancelNext = this.host.clock.after(EVERY_MS, () => {
      this.walking = this.walk();
    });
  }

  /** Counts what lies in one folder; gives the folders below. */
  private async visit(walk: Walk, parts: readonly string[]): Promise<string[][]> {
    const below: string[][] = [];
    const fd = this.host.jail.parent([], [...parts, ""]);
    try {
      for (const piece of dirents(fd)) {
        let begun = this.host.clock.mono();
        for (const { name, kind } of piece) {
          if (kind === "dir" || (kind === "unknown" && isFolder(fd, name))) below.push([...parts, name]);
          else if (kind === "file" || kind === "unknown") this.count(walk, fd, parts, name);
          if (this.host.clock.mono() - begun < MS_A_TURN) continue;
          await nextTurn();
          if (!walk.isOn) return [];
          begun = this.host.clock.mono();
        }
        await nextTurn();
        if (!walk.isOn) return [];
      }
    } finally {
      closeSync(fd);
    }
    return below;
  }

  /** @param where the folder, from the root */
  private count(walk: Walk, folder: number, where: readonly string[], name: string): void {
    const { space, clock, parts, isArriving } = this.host;
    const part = readPartName(name);
    if (part === null && !space.hasQuota) return;
    const stats = lstatSync(within(folder, name), { throwIfNoEntry: false });
    if (!stats?.isFile()) return;
    walk.bytes += stats.size;
    if (part === null) return;
    const id = partId(folder, name);
    const keptFor = part.orphan ? fileLimits.orphanMs : fileLimits.partMs;
    const isKept = isArriving(id) || clock.now() - stats.mtimeMs < keptFor;
    const freed = isKept ? null : remove(folder, name);
    if (freed === null) {
      parts.found(part.owner, id, where, stats.mtimeMs);
      return;
    }
    parts.remove(part.owner, id);
    walk.bytes -= stats.size;
    space.give(freed);
  }
}

/** Removes a part, and gives what that frees. Null: the disk does not let it go, and the others are counted all the same. */
function remove(folder: number, name: string): number | null {
  try {
    return deleteFile({ folder, name });
  } catch {
    return null;
  }
}

function isFolder(folder: number, name: string): boolean {
  return lstatSync(within(folder, name), { throwIfNoEntry: false })?.isDirectory() ?? false;
}
