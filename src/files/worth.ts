import type { WriteOptions } from "./access.ts";
import type { VaultCode, VaultError } from "./error.ts";

/** It is proved to be another file, or its place is taken; `incomplete` is what has more bytes than were announced. */
const OF_NO_USE: ReadonlySet<VaultCode> = new Set(["bad-hash", "changed", "exists", "incomplete"]);
const WITHOUT_ROOM: ReadonlySet<VaultCode> = new Set(["no-space", "quota"]);

/**
 * Whether what has come of an upload that ends so is worth keeping for another try. What found no room, and whose size was
 * not told before, would take room from everybody else for as long as it is kept.
 */
export function isWorthKeeping({ code }: VaultError, { size }: Pick<WriteOptions, "size">): boolean {
  return !OF_NO_USE.has(code) && !(size === undefined && WITHOUT_ROOM.has(code));
}
