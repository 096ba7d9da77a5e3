import { VaultError } from "./error.ts";

/** Counts files that are open, together with connections: with a full table nobody could come in any more. */
export interface Descriptors {
  /** Takes so many places; false when there are not as many. */
  take(count: number): boolean;
  give(count: number): void;
}

/** A download holds its file, an upload its part and the folder of it, a listing its folder by name and open. */
export const HELD = { get: 1, put: 2, list: 2 } as const;

/** @throws VaultError `too-many` */
export function takeDescriptors(descriptors: Descriptors, count: number): void {
  if (descriptors.take(count)) return;
  throw new VaultError("too-many", "the server has as many files and connections open as it may; try again later");
}
