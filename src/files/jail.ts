import { closeSync, fstatSync, openSync, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { codeOf } from "../thrown.ts";
import { FOLDER, isWithin, O_PATH, pathOf, within } from "./descriptor-path.ts";
import { idOf } from "./entry-of.ts";
import { ESCAPED } from "./errno.ts";
import type { Way } from "./file-mark.ts";
import { isVisible } from "./path.ts";
import { Root } from "./root.ts";

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
  private current: Root;
  private closed = false;

  /** @param path the real path of a folder that exists */
  constructor(
    private readonly path: string,
    private readonly dotfiles: boolean,
  ) {
    this.current = Root.open(path);
  }

  /** What all is within now. */
  get root(): Root {
    return this.current;
  }

  close(): void {
    this.closed = true;
    this.current.close();
  }

  /**
   * Looks, off the loop, what has the root's path. Another folder than the root (which was deleted and made anew, or a disk
   * was mounted there) is the root from then on, if it may be.
   */
  async look(): Promise<"root" | "another" | "nothing"> {
    const found = await stat(this.path).catch(() => null);
    if (this.closed || found === null || !found.isDirectory()) return "nothing";
    const { root } = this;
    if (idOf(found) === idOf(root.stats) && root.isAtItsPath) return "root";
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

  /** The path of what is below the root, whatever it leads to: only to compare it with what was found by {@link Jail.locate}. */
  way(parts: readonly string[]): Way {
    return { path: within(this.root.fd, parts.join("/")), root: this.root };
  }

  /** Whether the folder behind a descriptor, which was within `root`, is still inside. */
  holds(fd: number, root: Root): boolean {
    const now = root === this.root ? root.now : null;
    return now !== null && isWithin(now, pathOf(fd));
  }

  /** False: what is at the path is not to be served. */
  private reopen(): boolean {
    let found: Root;
    try {
      found = Root.open(this.path);
    } catch {
      return false;
    }
    const { root } = this;
    const isMeant = root.mayBecome(found);
    if (isMeant) this.current = found;
    (isMeant ? root : found).close();
    return isMeant;
  }

  private open(home: readonly string[], parts: readonly string[], flags: number): number {
    const all = [...home, ...parts];
    let fd: number;
    try {
      fd = this.openName(all, flags);
    } catch (error) {
      this.verifyAbove(all, home);
      throw error;
    }
    try {
      this.verify(fd, home);
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** What is not there is refused as what is: nobody shall learn which names there are behind a link that leads out. */
  private verifyAbove(parts: readonly string[], home: readonly string[]): void {
    for (let depth = parts.length - 1; depth > 0 && depth >= home.length; depth--) {
      const fd = this.found(parts.slice(0, depth));
      if (fd === null) continue;
      try {
        this.verify(fd, home);
      } finally {
        closeSync(fd);
      }
      return;
    }
  }

  private found(parts: readonly string[]): number | null {
    try {
      return this.openName(parts, O_PATH);
    } catch {
      return null;
    }
  }

  private openName(parts: readonly string[], flags: number): number {
    try {
      return openSync(within(this.root.fd, parts.join("/")), flags);
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
    return openSync(within(this.root.fd, way.slice(0, -1)), flags);
  }

  private exists(way: string): boolean {
    try {
      closeSync(openSync(within(this.root.fd, way), O_PATH));
      return true;
    } catch {
      return false;
    }
  }

  private verify(fd: number, home: readonly string[]): void {
    const root = this.root.now;
    const real = pathOf(fd);
    if (root === null || !isWithin(root, real)) throw outside();
    const below = real.slice(root === "/" ? 1 : root.length + 1);
    if (below !== "" && !below.split("/").every((name) => isVisible(name, this.dotfiles))) throw outside();
    if (home.length > 0 && !isWithin(this.homePath(home, root), real)) throw outside();
  }

  private homePath(home: readonly string[], root: string): string {
    const fd = this.openName(home, FOLDER);
    try {
      const path = pathOf(fd);
      if (!isWithin(root, path)) throw outside();
      return path;
    } finally {
      closeSync(fd);
    }
  }
}

/** Refused as what is not there, by the name that the visitor gave: nobody learns what lies outside. */
function outside(): Error {
  return Object.assign(new Error("a link leads to where nothing is served"), { code: ESCAPED });
}
