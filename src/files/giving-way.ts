import { closeSync } from "node:fs";
import { deleteFile } from "./freeing.ts";
import { statAt } from "./naming.ts";
import { partId } from "./parts.ts";
import type { VaultParts } from "./vault-parts.ts";

/**
 * Makes room for another upload of an owner who has as many unfinished ones as may be: the one that has rested longest goes.
 * False: none has rested for long enough. All in one turn, so that nobody takes it up meanwhile.
 */
export function giveWay(vault: VaultParts, mark: string): boolean {
  return vault.parts.rested(mark).some(([id, folder]) => !vault.arriving.has(id) && drop(vault, mark, id, folder));
}

/** What cannot be had, or has been touched beside tincan, is not looked at again for as long as it would have to rest. */
function drop({ jail, parts, space }: VaultParts, mark: string, id: string, where: readonly string[]): boolean {
  const name = id.slice(id.indexOf("/") + 1);
  let folder: number | null = null;
  try {
    folder = jail.parent([], [...where, name]);
    // Another folder has the path by now.
    if (partId(folder, name) !== id) throw new Error("the folder has gone elsewhere");
    const at = { folder, name };
    const stats = statAt(at);
    if (stats !== null && !parts.hasRested(stats.mtimeMs)) {
      parts.found(mark, id, where, stats.mtimeMs);
      return false;
    }
    if (stats !== null) space.give(deleteFile(at));
    parts.remove(mark, id);
    return true;
  } catch {
    parts.touch(mark, id);
    return false;
  } finally {
    if (folder !== null) closeSync(folder);
  }
}
