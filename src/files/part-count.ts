import type { Clock } from "../clock.ts";
import { VaultError } from "./error.ts";
import { fileLimits } from "./limits.ts";

interface Counted {
  /** The folder that it lies in, from the root, as it was last found there: it may have been moved since. */
  readonly folder: readonly string[];
  /** When somebody last touched it, as far as is known, in milliseconds since 1970 UTC. */
  readonly touched: number;
  /** The last walk over the tree that has met it, or has begun before it did. */
  readonly walk: number;
}

/** Which unfinished uploads each owner has, so that nobody fills the disk with beginnings. Parts have an id of their own. */
export class PartCount {
  /** By owner and id. */
  private readonly byOwner = new Map<string, Map<string, Counted>>();
  private walk = 0;

  constructor(private readonly clock: Clock) {}

  /** Whether the owner has so many that this one may not be begun. One that is counted already may be begun anew. */
  isFull(mark: string, id: string): boolean {
    const parts = this.byOwner.get(mark);
    return parts !== undefined && parts.size >= fileLimits.partsOfOne && !parts.has(id);
  }

  /** Why an owner may begin no more. */
  tooMany(mark: string): VaultError {
    const count = this.byOwner.get(mark)?.size ?? 0;
    return new VaultError(
      "too-many",
      `you have ${count} unfinished uploads here; finish or resume some of them, or try again in an hour`,
    );
  }

  /** Counts one that is begun, gone on with, or found on the disk, even if it is one too many. */
  found(mark: string, id: string, folder: readonly string[], lastTouched = this.clock.now()): void {
    const parts = this.byOwner.get(mark) ?? new Map<string, Counted>();
    this.byOwner.set(mark, parts);
    // Who asks for a part touches it too, and the disk knows nothing of that.
    const touched = Math.max(lastTouched, parts.get(id)?.touched ?? lastTouched);
    parts.set(id, { folder, touched, walk: this.walk });
  }

  /** Its owner has just left it or asked for it, so that it has not rested. */
  touch(mark: string, id: string): void {
    const part = this.byOwner.get(mark)?.get(id);
    if (part !== undefined) this.found(mark, id, part.folder);
  }

  remove(mark: string, id: string): void {
    const parts = this.byOwner.get(mark);
    parts?.delete(id);
    if (parts?.size === 0) this.byOwner.delete(mark);
  }

  /** Those of an owner that may give way to another, as far as is known: the one that has rested longest first. */
  rested(mark: string): readonly (readonly [id: string, folder: readonly string[]])[] {
    return [...(this.byOwner.get(mark) ?? [])]
      .filter(([, { touched }]) => this.hasRested(touched))
      .sort(([, one], [, other]) => one.touched - other.touched)
      .map(([id, { folder }]) => [id, folder]);
  }

  /** Whether what was last touched then may give way. */
  hasRested(touched: number): boolean {
    return this.clock.now() - touched >= fileLimits.restMs;
  }

  /**
   * A walk over the whole tree begins, which tells of every part that it finds. What is returned ends it: those that it has
   * not met, that nobody has begun since and that do not arrive were deleted beside tincan and count no more.
   */
  beginCount(): (isArriving: (id: string) => boolean) => void {
    const walk = ++this.walk;
    return (isArriving) => {
      for (const [mark, parts] of this.byOwner) {
        for (const [id, part] of parts) if (part.walk < walk && !isArriving(id)) this.remove(mark, id);
      }
    };
  }
}
