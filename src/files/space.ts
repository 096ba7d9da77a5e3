import { statfsSync } from "node:fs";
import { formatSize } from "../bytes/amounts.ts";
import type { Clock } from "../clock.ts";
import { VaultError } from "./error.ts";
import { self } from "./jail.ts";

/** The disk is asked again after so much was written, or so long ago. */
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
  private free = 0;
  private writtenSince = 0;
  private askedAt = Number.NEGATIVE_INFINITY;

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

  /**
   * Takes room for `bytes` more on the disk of `fd`.
   * @throws VaultError `no-space` or `quota`
   */
  take(fd: number, bytes: number): void {
    this.check(fd, bytes);
    this.change(bytes);
    this.free -= bytes;
    this.writtenSince += bytes;
  }

  /** The same without taking it: what could never be stored whole is not begun. */
  check(fd: number, bytes: number): void {
    const { minFree, quota } = this.limits;
    if (quota !== null && (this.used ?? 0) + bytes > quota) {
      throw new VaultError("quota", `all files here may have ${formatSize(quota)} together, and that is reached`);
    }
    if (this.freeOn(fd) - bytes < minFree) {
      const why = `the server keeps ${formatSize(minFree)} of its disk free, and there is no more than that`;
      throw new VaultError("no-space", minFree === 0 ? "the server's disk is full" : why);
    }
  }

  /** Bytes that were deleted, replaced or cut off. */
  give(bytes: number): void {
    this.change(-bytes);
  }

  private change(bytes: number): void {
    this.changes += 1;
    if (this.used !== null) this.used += bytes;
  }

  private freeOn(fd: number): number {
    const now = this.clock.mono();
    if (this.writtenSince < ASK_AFTER_BYTES && now < this.askedAt + ASK_AFTER_MS) return this.free;
    const { bavail, bsize } = statfsSync(self(fd));
    this.free = bavail * bsize;
    this.writtenSince = 0;
    this.askedAt = now;
    return this.free;
  }
}
