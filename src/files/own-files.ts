import type { Stats } from "node:fs";
import { idOf } from "./entry-of.ts";
import { fileLimits } from "./limits.ts";

/**
 * What somebody has uploaded, who may therefore rename and delete it again. Known by device, inode and time of
 * birth, so that a file that somebody else puts in its place is not its own: ext4 gives the inode of a file that was
 * deleted to the next one that is made. Of many the oldest are forgotten.
 */
export class OwnFiles {
  private readonly marks = new Set<string>();

  add(stats: Stats): void {
    this.marks.add(markOf(stats));
    if (this.marks.size <= fileLimits.own) return;
    for (const oldest of this.marks) {
      this.marks.delete(oldest);
      return;
    }
  }

  has(stats: Stats): boolean {
    return this.marks.has(markOf(stats));
  }

  /** It was deleted; where a disk keeps no times of birth, nobody else's file shall be taken for it. */
  forget(stats: Stats): void {
    this.marks.delete(markOf(stats));
  }
}

function markOf(stats: Stats): string {
  return `${idOf(stats)}-${stats.birthtimeMs}`;
}
