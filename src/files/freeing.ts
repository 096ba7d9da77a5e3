import { close, closeSync, constants, fstatSync, openSync, unlinkSync } from "node:fs";
import { O_PATH, within } from "./descriptor-path.ts";
import { type Name, statAt } from "./naming.ts";

/**
 * From so many bytes on they are freed off the loop: 80 ms for a GiB on ext4 (measured), by the last close of a file
 * without a name.
 */
const LARGE = 64 * 1024 * 1024;
/** Descriptors that are open for that at a time, at most: nobody counts them. */
const MOST = 16;

let closing = 0;

/**
 * Does what takes a file its name, and frees what it had off the loop. Gives the bytes that the disk has back: none of a link,
 * or of a file that has another name.
 */
export function freeing(at: Name, take: () => void): number {
  const stats = statAt(at);
  const bytes = stats?.isFile() && stats.nlink <= 1 ? stats.size : 0;
  const fd = isLarge(bytes) ? held(at) : null;
  try {
    take();
  } finally {
    if (fd !== null) closeFreed(fd, bytes);
  }
  return bytes;
}

/** Deletes a file. Gives the bytes that the disk has back. @throws system errors */
export function deleteFile(at: Name): number {
  return freeing(at, () => unlinkSync(within(at.folder, at.name)));
}

/** Closes a descriptor of a file of so many bytes; it may be the last of one that has no name any more. */
export function closeFreed(fd: number, bytes: number): void {
  if (!isLarge(bytes) || fstatSync(fd).nlink > 0) {
    closeSync(fd);
    return;
  }
  closing += 1;
  close(fd, () => {
    closing -= 1;
  });
}

function isLarge(bytes: number): boolean {
  return bytes >= LARGE && closing < MOST;
}

/** Names it, so that it stays until this is closed; null when the system has no descriptor for that. */
function held({ folder, name }: Name): number | null {
  try {
    return openSync(within(folder, name), O_PATH | constants.O_NOFOLLOW);
  } catch {
    return null;
  }
}
