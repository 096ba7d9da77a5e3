import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of a few pages in memory, mounted for one test; null where nothing may be mounted. */
export class SmallDisk implements Disposable {
  private constructor(readonly path: string) {}

  /** With `inodes`, for no more files and folders than that, its own root included. */
  static mount(bytes: number, inodes?: number): SmallDisk | null {
    const path = mkdtempSync(join(tmpdir(), "tincan-disk-"));
    const options = `size=${bytes}${inodes === undefined ? "" : `,nr_inodes=${inodes}`}`;
    const { exitCode } = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", options, "tmpfs", path]);
    if (exitCode === 0) return new SmallDisk(path);
    rmdirSync(path);
    return null;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Takes all the room there is, up to the last page. */
  fill(): void {
    const fd = openSync(this.file("filler"), "wx");
    try {
      for (const page = new Uint8Array(4096); ; ) writeSync(fd, page);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      closeSync(fd);
    }
  }

  /** Gives it back. */
  makeRoom(): void {
    unlinkSync(this.file("filler"));
  }

  [Symbol.dispose](): void {
    Bun.spawnSync(["umount", this.path]);
    rmdirSync(this.path);
  }
}
