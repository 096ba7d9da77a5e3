import { fstatSync } from "node:fs";
import { idOf } from "./entry-of.ts";
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
