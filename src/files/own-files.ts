import type { Stats } from "node:fs";
import { fileLimits } from "./limits.ts";
import { idOf } from "./listing.ts";

/**
 * What came through one connection, which may therefore rename and delete it again. Known by device and inode, so that
 * a file that somebody else puts in its place is not its own. Of many the oldest are forgotten.
 */
export class OwnFiles {
  private readonly ids = new Set<string>();

  add(stats: Stats): void {
    this.addId(idOf(stats));
  }

  addId(id: string): void {
    this.ids.add(id);
    if (this.ids.size <= fileLimits.own) return;
    for (const oldest of this.ids) {
      this.ids.delete(oldest);
      return;
    }
  }

  has(stats: Stats): boolean {
    return this.ids.has(idOf(stats));
  }
}
