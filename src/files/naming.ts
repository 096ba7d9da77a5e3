import {
  closeSync,
  constants,
  fchmodSync,
  fsync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  type Stats,
  unlinkSync,
} from "node:fs";
import { diskLacks } from "../disk-lacks.ts";
import { codeOf } from "../thrown.ts";
import { self, within } from "./descriptor-path.ts";
import { fileLimits } from "./limits.ts";

/** A name in a folder that is open. */
export interface Name {
  readonly folder: number;
  readonly name: string;
}

/** Moves a file to a name that must be free: two who do so at once cannot both succeed. @throws EEXIST */
export function moveToFree(from: Name, to: Name): void {
  const source = within(from.folder, from.name);
  const target = within(to.folder, to.name);
  try {
    linkSync(source, target);
  } catch (error) {
    if (!diskLacks(codeOf(error))) throw error;
    if (statAt(to) !== null) throw Object.assign(new Error("the name is taken"), { code: "EEXIST" });
    renameSync(source, target);
    return;
  }
  unlinkSync(source);
}

/** Moves a file or folder to a name, in place of the file that has it. */
export function moveOver(from: Name, to: Name): void {
  renameSync(within(from.folder, from.name), within(to.folder, to.name));
}

/** What replaces a file may be read, written and run by whoever might before, as if the file itself had been written to. */
export function keepMode(fd: number, mode: number): void {
  try {
    fchmodSync(fd, mode & 0o777);
  } catch (error) {
    if (!diskLacks(codeOf(error))) throw error;
  }
}

/** What has a name, a link itself and not what it leads to; null when nothing has. */
export function statAt({ folder, name }: Name): Stats | null {
  return lstatSync(within(folder, name), { throwIfNoEntry: false }) ?? null;
}

/** A name as the disk has it: other systems store names decomposed (NFD), while paths are composed (NFC). */
export function storedName({ folder, name }: Name): string {
  const decomposed = name.normalize("NFD");
  if (decomposed === name || Buffer.byteLength(decomposed) > fileLimits.name) return name;
  if (statAt({ folder, name }) !== null) return name;
  return statAt({ folder, name: decomposed }) === null ? name : decomposed;
}

/** Everything written to a descriptor's file is on the disk, off the loop. */
export function syncFile(fd: number): Promise<void> {
  return new Promise((done, failed) => fsync(fd, (error) => (error === null ? done() : failed(error))));
}

/** Of a folder that may be written to and not read, and of disks that cannot say so. */
const NOT_TOLD: ReadonlySet<string> = new Set(["EACCES", "EINVAL"]);

/** The names in a folder are on the disk, off the loop, as far as that is told. */
export async function syncFolder(folder: number): Promise<void> {
  let fd: number | null = null;
  try {
    fd = openSync(self(folder), constants.O_RDONLY | constants.O_DIRECTORY);
    await syncFile(fd);
  } catch (error) {
    if (!NOT_TOLD.has(codeOf(error))) throw error;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
