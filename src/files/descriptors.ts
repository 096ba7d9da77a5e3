import type { Visitor } from "../accounts/visitor.ts";
import { VaultError } from "./error.ts";

/** Counts files that are open, together with connections: with a full table nobody could come in any more. */
export interface Descriptors {
  /** Takes so many places for the peer at this address; false when there are not as many, or it would have too many. */
  take(count: number, host: string): boolean;
  give(count: number, host: string): void;
}

/** A download holds its file, an upload its part and the folder of it, a listing its folder by name and open. */
export const HELD = { get: 1, put: 2, list: 2 } as const;

type Holder = Pick<Visitor, "host" | "countedHost">;

/** @throws VaultError `too-many` */
export function takeDescriptors(descriptors: Descriptors, count: number, { host, countedHost = host }: Holder): void {
  if (descriptors.take(count, countedHost)) return;
  throw new VaultError(
    "too-many",
    "the server, or you, have as many files and connections open as may be; try again later",
  );
}

/** Gives back what was taken for the same visitor. */
export function giveDescriptors(descriptors: Descriptors, count: number, { host, countedHost = host }: Holder): void {
  descriptors.give(count, countedHost);
}
