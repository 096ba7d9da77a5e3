import { mkdtempSync, rmdirSync } from "node:fs";
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

  [Symbol.dispose](): void {
    Bun.spawnSync(["umount", this.path]);
    rmdirSync(this.path);
  }
}
