import { fstatSync } from "node:fs";
import { idOf } from "./entry-of.ts";
import { VaultError } from "./error.ts";
import { fileLimits } from "./limits.ts";
import { PART_PREFIX } from "./path.ts";

/** Which upload a part belongs to: who may go on with it, and with what. */
export interface PartKey {
  readonly owner: string;
  /** The last part of the target's path. */
  readonly name: string;
  /** Absent for uploads that do not tell (FTP). */
  readonly size?: number | undefined;
  readonly mtime?: number | undefined;
}

const END = ".part";
const ORPHAN = "x";

/**
 * The name of an unfinished upload beside its target: hidden, the same for the same owner, name, size and mtime, so that
 * it is found again by whoever may go on with it, also after the daemon was killed. It has 46 bytes whatever the
 * target's name has.
 */
export function partName({ owner, name, size, mtime }: PartKey): string {
  const key = digest(JSON.stringify([owner, name, size ?? null, mtime ?? null])).slice(0, 24);
  return `${PART_PREFIX}${ownerMark(owner)}-${key}${END}`;
}

/** The name of one that nobody can go on with. */
export function orphanName(owner: string): string {
  return `${PART_PREFIX}${ownerMark(owner)}-${ORPHAN}${Buffer.from(crypto.getRandomValues(new Uint8Array(11))).toString("hex")}${END}`;
}

/** Whose a part is, by its name, and whether it can be resumed; null for the name of anything else. */
export function readPartName(name: string): { readonly owner: string; readonly orphan: boolean } | null {
  const [, owner, rest] = /^\.tincan-([0-9a-f]{8})-(x?[0-9a-f]{22,24})\.part$/.exec(name) ?? [];
  return owner === undefined || rest === undefined ? null : { owner, orphan: rest.startsWith(ORPHAN) };
}

/** The same for the same part, however its folder is reached. */
export function partId(folder: number, name: string): string {
  return `${idOf(fstatSync(folder))}/${name}`;
}

/** What stands for an owner in names of parts: eight digits that say nothing of the owner itself. */
export function ownerMark(owner: string): string {
  return digest(owner).slice(0, 8);
}

function digest(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}

/** Which unfinished uploads each owner has, so that nobody fills the disk with beginnings. Parts have an id of their own. */
export class PartCount {
  /** By owner and id: the last walk over the tree that has met it, or has begun before it did. */
  private readonly byOwner = new Map<string, Map<string, number>>();
  private walk = 0;

  /** @throws VaultError `too-many` */
  add(mark: string, id: string): void {
    const parts = this.byOwner.get(mark);
    // One that is begun anew is none more.
    if (parts !== undefined && parts.size >= fileLimits.partsOfOne && !parts.has(id)) {
      const message = `you have ${parts.size} unfinished uploads here; finish or resume some of them`;
      throw new VaultError("too-many", message);
    }
    this.found(mark, id);
  }

  /** One that is on the disk already, whether it may be or not. */
  found(mark: string, id: string): void {
    const parts = this.byOwner.get(mark);
    if (parts === undefined) this.byOwner.set(mark, new Map([[id, this.walk]]));
    else parts.set(id, this.walk);
  }

  remove(mark: string, id: string): void {
    const parts = this.byOwner.get(mark);
    parts?.delete(id);
    if (parts?.size === 0) this.byOwner.delete(mark);
  }

  /**
   * A walk over the whole tree begins, which tells of every part that it finds. What is returned ends it: those that it has
   * not met, and that nobody has begun since, were deleted beside tincan and count no more.
   */
  beginCount(): () => void {
    const walk = ++this.walk;
    return () => {
      for (const [mark, parts] of this.byOwner) {
        for (const [id, seen] of parts) if (seen < walk) this.remove(mark, id);
      }
    };
  }
}
