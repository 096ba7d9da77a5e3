import { closeSync, fstatSync, openSync, type Stats } from "node:fs";
import { FOLDER, isWithin, pathOf } from "./descriptor-path.ts";
import { mountOf, mountPoint } from "./mounts.ts";

/** The folder that was at a vault's path when it was opened; another one may take its place. */
export class Root {
  /** Afterwards another file may have the number of its descriptor. */
  isOpen = true;

  private constructor(
    private readonly path: string,
    readonly fd: number,
    readonly stats: Stats,
    private readonly mount: number,
    /** Where the disk was mounted that it is on; null: this process does not see that. */
    private readonly disk: string | null,
  ) {}

  /** @param path a real path @throws system errors */
  static open(path: string): Root {
    const fd = openSync(path, FOLDER);
    try {
      const mount = mountOf(fd);
      return new Root(path, fd, fstatSync(fd), mount, mountPoint(mount));
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /**
   * Where it is now. Null: its disk was unmounted, and what the kernel calls its path (proc(5): that from the disk's own root,
   * so perhaps `/`) names other files.
   */
  get now(): string | null {
    const path = pathOf(this.fd);
    const isDetached = path !== this.path && this.disk !== null && mountPoint(this.mount) === null;
    return isDetached ? null : path;
  }

  get isAtItsPath(): boolean {
    return this.now === this.path;
  }

  /**
   * Whether what has its path now may be used in its place: it has the same owner, or a disk was mounted there, which not
   * everybody may do. What is seen because a disk was unmounted is not meant to be used.
   */
  mayBecome(other: Root): boolean {
    const isOwners = other.stats.uid === this.stats.uid || other.disk === this.path;
    return other.isAtItsPath && isOwners && isWithin(this.disk ?? "/", other.disk ?? "/");
  }

  close(): void {
    this.isOpen = false;
    closeSync(this.fd);
  }
}
