import { type Stats, statSync } from "node:fs";

/** A change within so many milliseconds of another may leave the same times (the kernel's clock ticks every 1 to 10 ms). */
const TICK_MS = 20;

/** A path as the system takes it, which leads through the descriptor of a vault's root. */
export interface Way {
  readonly path: string;
  readonly root: { readonly isOpen: boolean };
}

/**
 * Remembers a file that was read, so that what was read can be used again while its path leads to the very same file and
 * nobody has changed it. A look takes 1.5 us, and is at the name alone: whoever holds a mark for long asks the vault anew.
 */
export class FileMark {
  constructor(
    private readonly way: Way,
    private readonly stats: Stats,
  ) {}

  /** Null: it was changed a moment ago, and could be changed again without a trace. */
  static of(way: Way, stats: Stats, now: number): FileMark | null {
    return now - stats.ctimeMs < TICK_MS ? null : new FileMark(way, stats);
  }

  /** Whether the path leads to the same file, which is as it was. A rename or a link changes the time of status as well. */
  holds(): boolean {
    const { stats } = this;
    const now = this.look();
    return (
      now !== null &&
      now.ino === stats.ino &&
      now.ctimeMs === stats.ctimeMs &&
      now.mtimeMs === stats.mtimeMs &&
      now.size === stats.size &&
      now.dev === stats.dev
    );
  }

  /** Null: nothing can be found there, or the root is another one by now. */
  private look(): Stats | null {
    const { path, root } = this.way;
    try {
      return root.isOpen ? (statSync(path, { throwIfNoEntry: false }) ?? null) : null;
    } catch {
      return null;
    }
  }
}
