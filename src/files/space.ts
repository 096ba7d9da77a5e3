import { fstatSync, statfsSync } from "node:fs";
import { formatSize } from "../bytes/amounts.ts";
import type { Clock } from "../clock.ts";
import { self } from "./descriptor-path.ts";
import { VaultError } from "./error.ts";

/** A disk is asked again after so much was written, or so long ago. */
const ASK_AFTER_BYTES = 64 * 1024 * 1024;
const ASK_AFTER_MS = 1_000;

export interface SpaceLimits {
  /** Free bytes that uploads leave on the disk. */
  readonly minFree: number;
  /** Bytes that all files of the share may have; null for any number. */
  readonly quota: number | null;
}

/**
 * Whether there is room for bytes, asked before they are written. The quota counts what is written, unfinished uploads
 * included, so that neither resuming nor appending is a way around it.
 */
export class Space {
  /** Bytes of all files in the share; null until they are counted. */
  private used: number | null = null;
  /** How often that has changed. */
  private changes = 0;
  /** By device: other disks may be mounted below the root. */
  private readonly disks = new Map<number, Disk>();

  constructor(
    private readonly limits: SpaceLimits,
    private readonly clock: Clock,
  ) {}

  /** Whether it matters how much there is. */
  get hasQuota(): boolean {
    return this.limits.quota !== null;
  }

  /** Whether somebody must count the files of the share first. */
  get isUnknown(): boolean {
    return this.hasQuota && this.used === null;
  }

  /** The share is another folder, of which nothing is known. */
  forget(): void {
    this.used = null;
  }

  /**
   * The files of the share are counted from now on; the result goes to what is returned. It corrects what people change
   * beside tincan, but not what has changed through tincan meanwhile, which may or may not be in it.
   */
  beginCount(): (bytes: number) => void {
    const before = this.changes;
    return (bytes) => {
      if (this.used === null || this.changes === before) this.used = bytes;
    };
  }

  /** The room on the disk of `fd`, for as long as that is open. */
  on(fd: number): Room {
    const { dev } = fstatSync(fd);
    const disk = this.disks.get(dev) ?? new Disk(this.clock);
    this.disks.set(dev, disk);
    return new Room(this, disk, fd);
  }

  /**
   * @param free how many bytes of the disk are free; it need not be exact where it is as many as asked for
   * @throws VaultError `quota` or `no-space`
   */
  mustHold(bytes: number, free: (enough: number) => number): void {
    const { minFree, quota } = this.limits;
    const used = this.used ?? 0;
    if (quota !== null && used + bytes > quota) {
      const left = `${formatSize(Math.max(0, quota - used))} are left`;
      throw new VaultError(
        "quota",
        `all files here, unfinished ones too, may have ${formatSize(quota)} together, and ${left}`,
      );
    }
    if (free(minFree + bytes) < minFree + bytes) {
      const why = `the server keeps ${formatSize(minFree)} of its disk free, and there is no more than that`;
      throw new VaultError("no-space", minFree === 0 ? "the server's disk is full" : why);
    }
  }

  /** Bytes that are written. */
  take(bytes: number): void {
    this.change(bytes);
  }

  /** Bytes that were deleted, replaced or cut off. */
  give(bytes: number): void {
    this.change(-bytes);
  }

  private change(bytes: number): void {
    this.changes += 1;
    if (this.used !== null) this.used += bytes;
  }
}

/** Where bytes are to be written, and what is left there. */
export class Room {
  constructor(
    private readonly space: Space,
    private readonly disk: Disk,
    private readonly fd: number,
  ) {}

  /** Takes room for `bytes` more. @throws VaultError `no-space` or `quota` */
  take(bytes: number): void {
    this.check(bytes);
    this.space.take(bytes);
    this.disk.take(bytes);
  }

  /** The same without taking it: what could never be stored whole is not begun. @throws VaultError `no-space` or `quota` */
  check(bytes: number): void {
    this.space.mustHold(bytes, (enough) => this.disk.freeBytes(this.fd, enough));
  }
}

/** What is free on a disk, which is not asked for each piece that is written. */
class Disk {
  private free = 0;
  private writtenSince = 0;
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Clock) {}

  /**
   * @param fd something on this disk that is open
   * @param enough when so many were free a moment ago that is trusted; else room may have been made since, and it is looked
   */
  freeBytes(fd: number, enough: number): number {
    const now = this.clock.mono();
    const isFresh = this.writtenSince < ASK_AFTER_BYTES && now < this.askedAt + ASK_AFTER_MS;
    if (isFresh && this.free >= enough) return this.free;
    const { bavail, bsize } = statfsSync(self(fd));
    this.free = bavail * bsize;
    this.writtenSince = 0;
    this.askedAt = now;
    return this.free;
  }

  take(bytes: number): void {
    this.free -= bytes;
    this.writtenSince += bytes;
  }
}
