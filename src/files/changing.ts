import { chmodSync, fstatSync, mkdirSync, rmdirSync, utimesSync } from "node:fs";
import { quote } from "../bytes/text.ts";
import { codeOf } from "../thrown.ts";
import { self, within } from "./descriptor-path.ts";
import { dirents } from "./dirents.ts";
import type { Entry } from "./entry.ts";
import { mtimeOf, timeToSet } from "./entry-of.ts";
import { VaultError } from "./error.ts";
import { deleteFile, freeing } from "./freeing.ts";
import { moveOver, moveToFree, type Name, statAt } from "./naming.ts";
import { partId, readPartName } from "./parts.ts";
import { isVisible } from "./path.ts";
import { fileToReplace } from "./replacing.ts";
import type { View } from "./view.ts";

/** Makes one folder. */
export function makeFolder(view: View, path: string): void {
  view.need("upload");
  const parts = view.newParts(path);
  view.inFolder(path, parts, (folder, name) => {
    mkdirSync(within(folder, name));
  });
  view.at(path, parts, ({ stats }) => view.own.add(stats));
  view.tell({ kind: "made", path: view.sharePath(parts) });
}

/** Removes a file, or a folder in which nothing is left but what nobody finished. A link goes; what it leads to stays. */
export function removeAt(view: View, path: string, only?: Entry["type"]): void {
  view.needAnyChange();
  const parts = view.parts(path);
  const stats = view.at(path, parts, (place) => place.stats);
  view.inFolder(path, parts, (folder, name) => {
    const named = view.needToChangeName({ folder, name });
    const isFolder = stats.isDirectory();
    if (only === "dir" && !isFolder) throw new VaultError("not-a-folder", `${quote(path, 200)} is not a folder`);
    if (only === "file" && isFolder) throw new VaultError("not-a-file", `${quote(path, 200)} is a folder`);
    if (named.isDirectory()) removeFolder(view, path, parts, folder, name);
    else removeFile(view, { folder, name });
    view.own.forget(named);
  });
  view.tell({ kind: "removed", path: view.sharePath(parts) });
}

function removeFile(view: View, at: Name): void {
  view.vault.space.give(deleteFile(at));
}

function removeFolder(view: View, path: string, parts: readonly string[], folder: number, name: string): void {
  try {
    rmdirSync(within(folder, name));
  } catch (error) {
    if (codeOf(error) !== "ENOTEMPTY") throw error;
    view.at(path, parts, ({ fd }) => clearParts(view, path, fd));
    rmdirSync(within(folder, name));
  }
}

/** A folder that seems empty may hold what somebody began and left. What still arrives stays, and so does the folder. */
function clearParts(view: View, path: string, folder: number): void {
  const names: string[] = [];
  for (const piece of dirents(folder)) {
    const hidden = piece.find(({ name }) => readPartName(name) === null);
    if (hidden !== undefined) {
      const what = isVisible(hidden.name, view.vault.dotfiles) ? "" : "; it holds hidden files";
      throw new VaultError("not-empty", `the folder ${quote(path, 200)} is not empty${what}`);
    }
    names.push(...piece.map(({ name }) => name));
  }
  for (const name of names) {
    const id = partId(folder, name);
    if (view.vault.arriving.has(id)) {
      throw new VaultError("not-empty", `the folder ${quote(path, 200)} is not empty: an upload into it is running`);
    }
    removeFile(view, { folder, name });
    view.vault.parts.remove(readPartName(name)?.owner ?? "", id);
  }
}

/** Gives a file or folder another name; over an existing file only with `overwrite`. */
export function renameTo(view: View, from: string, to: string, overwrite: boolean): void {
  view.needAnyChange();
  const source = view.parts(from);
  const target = view.newParts(to);
  const isFolder = view.at(from, source, (place) => place.stats.isDirectory());
  view.inFolder(from, source, (fromFolder, fromName) =>
    view.inFolder(to, target, (toFolder, toName) => {
      const before = { folder: fromFolder, name: fromName };
      const after = { folder: toFolder, name: toName };
      view.needToChangeName(before);
      const isTaken = statAt(after) !== null;
      if (!isTaken && !isFolder) return moveToFree(before, after);
      if (isTaken && !(overwrite && view.visitor.may("write") && !isFolder)) {
        throw new VaultError("exists", `${quote(to, 200)} is there already`);
      }
      if (isTaken) fileToReplace(view, to, after);
      const move = () => moveOrExplain(before, after, { from, to });
      if (isSame(before, after)) move();
      else view.vault.space.give(freeing(after, move));
    }),
  );
  view.tell({ kind: "renamed", path: view.sharePath(source), to: view.sharePath(target) });
}

/** rename(2): a file that is renamed to its own name stays, and so does its room. */
function isSame(before: Name, after: Name): boolean {
  const [one, other] = [statAt(before), statAt(after)];
  return one !== null && one.ino === other?.ino && one.dev === other.dev;
}

function moveOrExplain(before: Name, after: Name, { from, to }: { readonly from: string; readonly to: string }): void {
  try {
    moveOver(before, after);
  } catch (error) {
    // rename(2): the new path lies below the old one.
    if (codeOf(error) !== "EINVAL") throw error;
    const why = `the folder ${quote(from, 200)} cannot be moved into itself, to ${quote(to, 200)}`;
    throw new VaultError("bad-path", why, { cause: error });
  }
}

/** Refuses what must not be renamed or removed by this visitor, before anybody says to what name. */
export function mustBeChangeable(view: View, path: string): void {
  view.needAnyChange();
  const parts = view.parts(path);
  view.at(path, parts, () => {});
  view.inFolder(path, parts, (folder, name) => view.needToChangeName({ folder, name }));
}

/** Sets the time of last change. Gives the one that it has then: disks have an earliest and a latest. */
export function setTimeOf(view: View, path: string, mtime: number): number {
  view.needAnyChange();
  return view.at(path, view.parts(path), ({ fd, stats }) => {
    view.needToChange(stats);
    utimesSync(self(fd), timeToSet(fstatSync(fd).atimeMs), timeToSet(mtime));
    return mtimeOf(fstatSync(fd));
  });
}

/** Without these the daemon itself could not serve a file any more, or not even delete what lies in a folder. */
const READABLE = 0o400;
const USABLE = 0o700;

/** Sets the permission bits, and gives those that are set then: files stay readable and folders usable for the daemon itself. */
export function setModeOf(view: View, path: string, mode: number): number {
  view.needAnyChange();
  return view.at(path, view.parts(path), ({ fd, stats }) => {
    view.needToChange(stats);
    chmodSync(self(fd), (mode & 0o777) | (stats.isDirectory() ? USABLE : READABLE));
    return fstatSync(fd).mode & 0o777;
  });
}
