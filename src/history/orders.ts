import type { RoomEvent } from "../chat/event.ts";
import type { Page, Standing } from "../chat/history.ts";
import type { Mark } from "./mark.ts";

/** A room as it is found on the disk: where it stands, and the lowest seq that is kept of it, or the next one. */
export interface KeptRoom extends Standing {
  readonly name: string;
  readonly oldest: number;
}

/** What is asked of the thread that has the database, by op. Rooms are told by their names. */
export interface Orders {
  /** `clean`: nobody can have been told anything that is not on the disk. */
  open: {
    readonly folder: string;
    readonly clean: boolean;
    /** See {@link Mark}: the number that the database should have, and the one that it gets. */
    readonly last: number;
    readonly own: number;
    readonly most: MostKept;
  };
  /** As JSON of `RoomEvent[]`, because that crosses to another thread for a third of what objects take (measured). */
  write: { readonly events: string };
  /** The events between two numbers, both exclusive, upward or downward. */
  read: {
    readonly room: string;
    readonly after: number;
    readonly before: number;
    readonly upward: boolean;
    readonly limit: number | undefined;
  };
  /** One slice of a search, downward from `before` (exclusive). */
  search: {
    readonly room: string;
    readonly text: string;
    readonly before: number;
    readonly limit: number | undefined;
  };
  /** One step of pruning: what was said before `cutoff` (milliseconds since 1970), and what is over the limits. */
  prune: { readonly cutoff: number };
  /** A room that has no events any more, and its counting. */
  forget: { readonly room: string };
  close: object;
}

/** How much is kept at most. */
export interface MostKept {
  readonly bytes: number;
  readonly rooms: number;
}

/** A piece of what is on the disk, in the direction in which it was asked for; `more` would follow. */
export interface Piece {
  readonly events: readonly RoomEvent[];
  readonly more: boolean;
}

export interface Results {
  /** `damaged` is where a file went that could not be read. */
  open: { readonly rooms: readonly KeptRoom[]; readonly damaged: string | null };
  /** More is kept than may be. */
  write: { readonly full: boolean };
  read: Piece;
  /** Newest first. `next` is the `before` of the next slice, null at the end. */
  search: Pick<Page, "events" | "next">;
  /** `oldest`: the lowest seq that is kept now of rooms that lost something. */
  prune: { readonly done: boolean; readonly oldest: readonly (readonly [room: string, seq: number])[] };
  forget: null;
  close: null;
}

export type Op = keyof Orders;

/** What goes to the thread, and what comes back. */
export type Order<O extends Op = Op> = {
  [K in O]: { readonly id: number; readonly op: K; readonly order: Orders[K] };
}[O];
export type Answer =
  | { readonly id: number; readonly result: Results[Op] }
  | { readonly id: number; readonly error: string };
