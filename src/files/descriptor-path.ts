import { constants, readlinkSync } from "node:fs";

/**
 * open(2), O_PATH: names a file without opening it, so that a device or a pipe behind a link sees nothing of it. Node's
 * constants leave it out; the number is that of x86-64 and arm64.
 */
export const O_PATH = 0o10000000;
/** The same for a folder alone. */
export const FOLDER = O_PATH | constants.O_DIRECTORY;

/** The path by which a name in a folder is used, wherever that folder is by now. */
export function within(folderFd: number, name: string): string {
  return name === "" ? `${self(folderFd)}/.` : `${self(folderFd)}/${name}`;
}

/** The path by which a descriptor's file is opened anew. */
export function self(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

/** The system's path of a descriptor's file now. */
export function pathOf(fd: number): string {
  return readlinkSync(self(fd));
}

/** Whether a path is that of a folder or of something below it; both are absolute and have nothing to resolve. */
export function isWithin(root: string, path: string): boolean {
  return path === root || root === "/" || path.startsWith(`${root}/`);
}
