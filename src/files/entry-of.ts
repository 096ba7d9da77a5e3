import type { Stats } from "node:fs";
import type { Entry } from "./entry.ts";

/** A file or folder as it is told; null for a pipe, a device and the like, which are not served. */
export function entryOf(name: string, stats: Stats): Entry | null {
  const isFolder = stats.isDirectory();
  if (!isFolder && !stats.isFile()) return null;
  return {
    name: name.normalize("NFC"),
    type: isFolder ? "dir" : "file",
    size: isFolder ? 0 : stats.size,
    mtime: mtimeOf(stats),
    mode: stats.mode & 0o777,
    id: idOf(stats),
  };
}

/** What a Date can say, in milliseconds before and after 1970 (ECMA-262, section 21.4.1.1). */
const FARTHEST = 8_640_000_000_000_000;

/**
 * The time of last change as doors tell it, in whole milliseconds since 1970 UTC. Some disks keep seconds in 64 bits: what no
 * date can say becomes the nearest that one can.
 */
export function mtimeOf({ mtimeMs }: Stats): number {
  return tellable(Math.floor(mtimeMs));
}

/**
 * A time of last change as Bun is to be given it for utimes(2): it takes a negative number of seconds for now, and keeps of
 * a fraction what a double has (123 ms become 122,999,906 ns).
 */
export function timeToSet(mtime: number): Date {
  return new Date(tellable(mtime));
}

function tellable(mtime: number): number {
  return Math.max(-FARTHEST, Math.min(FARTHEST, mtime));
}

/** The same for the same file, whatever its name. */
export function idOf({ dev, ino }: Stats): string {
  return `${dev.toString(36)}-${ino.toString(36)}`;
}
