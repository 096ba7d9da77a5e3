import { fstatSync, type Stats } from "node:fs";
import type { Download } from "./access.ts";
import { mtimeOf } from "./entry-of.ts";
import { FileMark, type Way } from "./file-mark.ts";
import { closeFreed } from "./freeing.ts";
import type { Transfer, TransferOutcome } from "./transfers.ts";

/** A file on its way to a peer. */
export class Outgoing implements Download {
  readonly size: number;
  readonly mtime: number;
  readonly version: string;
  private isOpen = true;

  constructor(
    readonly fd: number,
    private readonly stats: Stats,
    readonly offset: number,
    readonly length: number,
    readonly transfer: Transfer,
    private readonly way: Way,
    /** Told once, when the descriptor is closed. */
    private readonly closed: (download: Outgoing) => void,
  ) {
    this.size = stats.size;
    this.mtime = mtimeOf(stats);
    this.version = versionOf(stats);
  }

  changed(): boolean {
    return this.isOpen && versionOf(fstatSync(this.fd)) !== this.version;
  }

  mark(): FileMark | null {
    // By the system's clock, which a disk takes its times from.
    return FileMark.of(this.way, this.stats, Date.now());
  }

  close(outcome: TransferOutcome, detail?: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    // Somebody may have deleted it meanwhile.
    closeFreed(this.fd, this.size);
    this.transfer.end(outcome, detail ?? null);
    this.closed(this);
  }
}

/**
 * Changes when a file does: another inode, another size, or written to since. And another birth, because a disk gives the inode
 * of a file that was deleted to the next one, to which whoever uploads it may give the same time.
 */
export function versionOf({ ino, size, mtimeMs, birthtimeMs }: Stats): string {
  return [ino, size, Math.round(mtimeMs * 1000), Math.round(birthtimeMs * 1000)]
    .map((part) => part.toString(36))
    .join("-");
}
