import { closeSync, constants, fstatSync, ftruncateSync, openSync, unlinkSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { codeOf } from "../thrown.ts";
import { self, within } from "./descriptor-path.ts";
import { VaultError } from "./error.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR, COPYFILE_EXCL, COPYFILE_FICLONE } = constants;

/** The hidden file that an upload goes to, in the folder of its target. Nobody else's file is ever opened as one. */
export class PartFile {
  private constructor(
    readonly folder: number,
    readonly name: string,
    readonly fd: number,
    /** Bytes that it had when it was opened. */
    readonly size: number,
  ) {}

  /** Begins a new one. @throws system errors, EEXIST when the name is taken */
  static create(folder: number, name: string): PartFile {
    const fd = openSync(within(folder, name), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
    return new PartFile(folder, name, fd, 0);
  }

  /** Opens one that an earlier try left; null when there is none. */
  static open(folder: number, name: string): PartFile | null {
    try {
      const fd = openSync(within(folder, name), O_RDWR | O_NOFOLLOW);
      const stats = fstatSync(fd);
      // A link that somebody gave this name to would let an upload write into another file.
      if (stats.isFile() && stats.nlink === 1) return new PartFile(folder, name, fd, stats.size);
      closeSync(fd);
      return null;
    } catch (error) {
      if (codeOf(error) === "ENOENT") return null;
      throw error;
    }
  }

  /** Begins one with the first `length` bytes of another file, copied off the loop (or shared, where the disk can). */
  static async copy(folder: number, name: string, source: number, length: number): Promise<PartFile> {
    await copyFile(self(source), within(folder, name), COPYFILE_EXCL | COPYFILE_FICLONE);
    const part = PartFile.open(folder, name);
    if (part === null) throw new VaultError("failed", "an unfinished upload has gone from the server's disk");
    return part.cutTo(length);
  }

  /** Bytes of one that nobody has open; null when there is none. */
  static sizeOf(folder: number, name: string): number | null {
    const part = PartFile.open(folder, name);
    if (part === null) return null;
    closeSync(part.fd);
    return part.size;
  }

  /** The same part without what lies behind `size`. */
  cutTo(size: number): PartFile {
    if (size < this.size) ftruncateSync(this.fd, size);
    return new PartFile(this.folder, this.name, this.fd, size);
  }

  static remove(folder: number, name: string): void {
    try {
      unlinkSync(within(folder, name));
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
    }
  }
}
