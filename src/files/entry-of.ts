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
    mtime: Math.floor(stats.mtimeMs),
    mode: stats.mode & 0o777,
    id: idOf(stats),
  };
}

/** The same for the same file, whatever its name. */
export function idOf({ dev, ino }: Stats): string {
  return `${dev.toString(36)}-${ino.toString(36)}`;
}
