import { closeSync, mkdirSync, type Stats } from "node:fs";
import type { Permission } from "../accounts/permission.ts";
import type { Visitor } from "../accounts/visitor.ts";
import { quote } from "../bytes/text.ts";
import { codeOf } from "../thrown.ts";
import { within } from "./descriptor-path.ts";
import { ESCAPED, refusalFor } from "./errno.ts";
import { VaultError } from "./error.ts";
import type { Way } from "./file-mark.ts";
import type { Place } from "./jail.ts";
import type { Folder } from "./listing.ts";
import { type Name, statAt, storedName } from "./naming.ts";
import { noRight, REFUSALS } from "./no-right.ts";
import { OwnFiles } from "./own-files.ts";
import { checkNewName, isVisible, joinPath, parsePath } from "./path.ts";
import type { VaultEvent } from "./vault.ts";
import type { VaultParts } from "./vault-parts.ts";
import type { Watched } from "./watching.ts";

/** Why there is no home for somebody who has one. */
const NO_HOME: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "is not there; ask who runs this server to make it"],
  [
    ESCAPED,
    "begins with a dot or is a link that leads elsewhere, and is not served; ask who runs this server for another",
  ],
]);
const NOT_OWN = "only what you have uploaded yourself, in this very session, may be renamed or deleted here";

/** From where one visitor looks at the tree: home, rights, and which files are its own because it has just brought them. */
export class View {
  private readonly home: readonly string[];

  constructor(
    readonly vault: VaultParts,
    readonly visitor: Visitor,
    readonly door: string,
    readonly own = new OwnFiles(),
  ) {
    this.home = parsePath(visitor.home);
    if (this.home.length > 0 && visitor.may("upload")) this.makeHome();
  }

  /** @throws VaultError `denied` */
  need(permission: Permission): void {
    if (!this.visitor.may(permission)) throw noRight(this.visitor, REFUSALS[permission]);
  }

  /** Asked before anybody looks whether the file is there: who may change nothing shall not learn that. @throws NoRightError */
  needAnyChange(): void {
    if (!this.visitor.may("write") && !this.visitor.may("upload")) throw noRight(this.visitor, REFUSALS.write);
  }

  /** Who may write may change any file, who may upload its own. */
  needToChange(stats: Stats): void {
    if (this.visitor.may("write") || (this.visitor.may("upload") && this.own.has(stats))) return;
    throw noRight(this.visitor, this.visitor.may("upload") ? NOT_OWN : REFUSALS.write);
  }

  /** The same for a name, which may be a link that leads to the visitor's own file and is not its own. */
  needToChangeName(at: Name): Stats {
    const stats = statAt(at);
    if (stats === null) throw new VaultError("not-found", `there is no ${quote(at.name, 200)} any more`);
    this.needToChange(stats);
    return stats;
  }

  /** The parts of a path that is to be found. @throws VaultError `bad-path`, `not-found` for a hidden one */
  parts(path: string): readonly string[] {
    const parts = parsePath(path);
    if (parts.every((name) => isVisible(name, this.vault.dotfiles))) return parts;
    throw new VaultError("not-found", `there is no ${quote(path, 200)}`);
  }

  /** The parts of a path that is to be made. @throws VaultError */
  newParts(path: string): readonly string[] {
    const parts = parsePath(path);
    const name = parts.at(-1);
    if (name === undefined) throw new VaultError("exists", "the root is there already");
    const hidden = parts.find((part) => !isVisible(part, this.vault.dotfiles));
    if (hidden !== undefined) {
      throw new VaultError("denied", `${quote(hidden)} begins with a dot, and such names are not taken here`);
    }
    checkNewName(name);
    return parts;
  }

  /** What is at a path, for as long as `use` works with it. Whatever the system refuses becomes a {@link VaultError}. */
  at<T>(path: string, parts: readonly string[], use: (place: Place) => T): T {
    try {
      const place = this.vault.jail.locate(this.home, parts);
      return settle(place.fd, () => use(place));
    } catch (error) {
      throw this.refusal(error, path);
    }
  }

  /** The folder of a path and the name in it, for as long as `use` works with them. */
  inFolder<T>(path: string, parts: readonly string[], use: (folder: number, name: string) => T): T {
    const name = parts.at(-1);
    if (name === undefined) throw new VaultError("denied", "the root itself cannot be changed");
    try {
      const folder = this.openFolder(parts);
      return settle(folder, () => use(folder, storedName({ folder, name })));
    } catch (error) {
      throw refusalFor(error, path);
    }
  }

  /** The folder at a path, for a listing; the caller closes it. */
  openListed(path: string, parts: readonly string[]): number {
    try {
      const { fd, stats } = this.vault.jail.locate(this.home, parts);
      if (stats.isDirectory()) return fd;
      closeSync(fd);
    } catch (error) {
      throw this.refusal(error, path);
    }
    throw new VaultError("not-a-folder", `${quote(path, 200)} is not a folder`);
  }

  /**
   * The folder in which a path's last part is a name; the caller closes it.
   * @throws VaultError that names the folder when it is none; system errors
   */
  openFolder(parts: readonly string[]): number {
    try {
      return this.vault.jail.parent(this.home, parts);
    } catch (error) {
      const path = quote(joinPath(parts.slice(0, -1)), 200);
      const code = codeOf(error);
      if (NO_HOME.has(code) && this.lacksHome(code)) throw noHome(error);
      if (code === "ENOENT") throw new VaultError("not-found", `there is no folder ${path}`, { cause: error });
      if (code === "ENOTDIR") throw new VaultError("not-a-folder", `${path} is not a folder`, { cause: error });
      throw error;
    }
  }

  /** The system's path of what is at `parts`, for a look that opens nothing. */
  way(parts: readonly string[]): Way {
    return this.vault.jail.way([...this.home, ...parts]);
  }

  /** How a listing gets at what lies in a folder. */
  folder(fd: number, parts: readonly string[]): Folder {
    return { fd, home: this.home, parts };
  }

  /** The parts, from the root, of the folder in which a path's last part is a name. */
  folderOf(parts: readonly string[]): readonly string[] {
    return [...this.home, ...parts.slice(0, -1)];
  }

  /** A path as the share has it, whatever home this visitor has. */
  sharePath(parts: readonly string[]): string {
    return joinPath([...this.home, ...parts]);
  }

  /** Whoever may add files finds a home to add them to. */
  private makeHome(): void {
    for (const [depth] of this.home.entries()) {
      const parts = this.home.slice(0, depth + 1);
      try {
        const folder = this.vault.jail.parent([], parts);
        settle(folder, () => mkdirSync(within(folder, parts.at(-1) ?? "")));
      } catch {
        // It is there already; or it cannot be made, and whoever looks for it is told that it is not there.
      }
    }
  }

  /** Where there is no home, nothing in it is there either, and that is what somebody can do something about. */
  private refusal(error: unknown, path: string): VaultError {
    const code = codeOf(error);
    return NO_HOME.has(code) && this.lacksHome(code) ? noHome(error) : refusalFor(error, path);
  }

  /** @param code what was said of something in it, and would be said of the home itself, too */
  private lacksHome(code: string): boolean {
    if (this.home.length === 0) return false;
    try {
      closeSync(this.vault.jail.locate([], this.home).fd);
      return false;
    } catch (error) {
      return codeOf(error) === code;
    }
  }

  /** What somebody watches who watches a path. @throws VaultError `bad-path`, `not-found` */
  watched(path: string): Watched {
    return { home: this.home, parts: this.parts(path), dotfiles: this.vault.dotfiles };
  }

  tell(event: Omit<VaultEvent, "door" | "visitor">): void {
    this.vault.tell({ ...event, door: this.door, visitor: this.visitor });
  }
}

function noHome(cause: unknown): VaultError {
  const why = NO_HOME.get(codeOf(cause)) ?? "";
  return new VaultError("not-found", `your home folder ${why}`, { cause });
}

/** Closes a descriptor when `use` is done, also when that is later. */
function settle<T>(fd: number, use: () => T): T {
  let late = false;
  try {
    const result = use();
    if (result instanceof Promise) {
      late = true;
      return result.finally(() => closeSync(fd)) as T;
    }
    return result;
  } finally {
    if (!late) closeSync(fd);
  }
}
