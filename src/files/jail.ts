import { closeSync, constants, fstatSync, openSync, readlinkSync, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { codeOf } from "../thrown.ts";
import { idOf } from "./entry-of.ts";
import { ESCAPED } from "./errno.ts";
import { isVisible } from "./path.ts";

/**
 * open(2), O_PATH: names a file without opening it, so that a device or a pipe behind a link sees nothing of it. Node's
 * constants leave it out; the number is that of x86-64 and arm64.
 */
export const O_PATH = 0o10000000;
const FOLDER = O_PATH | constants.O_DIRECTORY;

/** What stands at a path: named by a descriptor, so that whatever happens to the path afterwards, it stays this. */
export interface Place {
  readonly fd: number;
  readonly stats: Stats;
}

/**
 * The root that nothing leaves. Whatever is to be used is first named (O_PATH), then the kernel is asked where that is
 * (proc(5), /proc/PID/fd), and only if it lies within the root is it used, through the descriptor. No check of a name
 * comes before its use, so links, renames and races change what is found, but never to something outside.
 */
export class Jail {
  private rootFd: number;
  private closed = false;

  /** @param root the real path of a folder that exists */
  constructor(
    private readonly root: string,
    private readonly dotfiles: boolean,
  ) {
    this.rootFd = openSync(root, FOLDER);
  }

  close(): void {
    this.closed = true;
    closeSync(this.rootFd);
  }

  /**
   * Looks, off the loop, what has the root's path. Another folder than the root (which was deleted and made anew, or a disk
   * was mounted there) is the root from then on.
   */
  async look(): Promise<"root" | "another" | "nothing"> {
    const found = await stat(this.root).catch(() => null);
    if (this.closed || found === null || !found.isDirectory()) return "nothing";
    if (idOf(found) === idOf(fstatSync(this.rootFd))) return "root";
    return this.reopen() ? "another" : "nothing";
  }

  /**
   * What is at the path that `parts` make under the folder `home` (parts too; none is the whole root). The caller closes
   * `fd`. A link is followed while it stays inside of `home`, and to nothing that is hidden.
   * @throws system errors, and one of the same form with the code {@link ESCAPED}
   */
  locate(home: readonly string[], parts: readonly string[]): Place {
    const fd = this.open(home, parts, O_PATH);
    return { fd, stats: fstatSync(fd) };
  }

  /** The folder in which the last of `parts` is a name, for use with {@link within}. */
  parent(home: readonly string[], parts: readonly string[]): number {
    return this.open(home, parts.slice(0, -1), FOLDER);
  }

  /** The system's path of a descriptor's file now; for the log and for what outlives the descriptor. */
  pathOf(fd: number): string {
    return readlinkSync(self(fd));
  }

  /** The path of what is below the root, whatever it leads to: only to compare it with what was found by {@link Jail.locate}. */
  way(parts: readonly string[]): string {
    return within(this.rootFd, parts.join("/"));
  }

  /** Whether the folder behind a descriptor is (still) inside. */
  holds(fd: number): boolean {
    return isWithin(this.pathOf(this.rootFd), this.pathOf(fd));
  }

  /** False: the path leads elsewhere, or to nothing any more. */
  private reopen(): boolean {
    let fd: number;
    try {
      fd = openSync(this.root, FOLDER);
    } catch {
      return false;
    }
    const isReal = this.pathOf(fd) === this.root;
    closeSync(isReal ? this.rootFd : fd);
    if (isReal) this.rootFd = fd;
    return isReal;
  }

  private open(home: readonly string[], parts: readonly string[], flags: number): number {
    const fd = this.openName([...home, ...parts], flags);
    try {
      this.verify(fd, home);
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  private openName(parts: readonly string[], flags: number): number {
    try {
      return openSync(within(this.rootFd, parts.join("/")), flags);
    } catch (error) {
      const found = codeOf(error) === "ENOENT" ? this.openDecomposed(parts, flags) : null;
      if (found === null) throw error;
      return found;
    }
  }

  /** Other systems store names decomposed (NFD); asked for in NFC, such a file is looked for part by part. */
  private openDecomposed(parts: readonly string[], flags: number): number | null {
    if (parts.every((part) => part === part.normalize("NFD"))) return null;
    let way = "";
    for (const part of parts) {
      const found = [part, part.normalize("NFD")].find((name) => this.exists(`${way}${name}`));
      if (found === undefined) return null;
      way += `${found}/`;
    }
    return openSync(within(this.rootFd, way.slice(0, -1)), flags);
  }

  private exists(way: string): boolean {
    try {
      closeSync(openSync(within(this.rootFd, way), O_PATH));
      return true;
    } catch {
      return false;
    }
  }

  private verify(fd: number, home: readonly string[]): void {
    const root = this.pathOf(this.rootFd);
    const real = this.pathOf(fd);
    if (!isWithin(root, real)) throw outside();
    const below = real.slice(root === "/" ? 1 : root.length + 1);
    if (below !== "" && !below.split("/").every((name) => isVisible(name, this.dotfiles))) throw outside();
    if (home.length > 0 && !isWithin(this.homePath(home, root), real)) throw outside();
  }

  private homePath(home: readonly string[], root: string): string {
    const fd = this.openName(home, FOLDER);
    try {
      const path = this.pathOf(fd);
      if (!isWithin(root, path)) throw outside();
      return path;
    } finally {
      closeSync(fd);
    }
  }
}

/** The path by which a name in a folder is used, wherever that folder is by now. */
export function within(folderFd: number, name: string): string {
  return name === "" ? `${self(folderFd)}/.` : `${self(folderFd)}/${name}`;
}

/** The path by which a descriptor's file is opened anew. */
export function self(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

/** Whether a path is that of a folder or of something below it; both are absolute and have nothing to resolve. */
export function isWithin(root: string, path: string): boolean {
  return path === root || root === "/" || path.startsWith(`${root}/`);
}

/** Refused as what is not there, by the name that the visitor gave: nobody learns what lies outside. */
function outside(): Error {
  return Object.assign(new Error("a link leads to where nothing is served"), { code: ESCAPED });
}
