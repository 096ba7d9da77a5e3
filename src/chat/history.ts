import type { Draft, RoomEvent } from "./event.ts";

/**
 * Which events of a room are wanted. With `after` those that follow that seq, the nearest first; else the newest, or the
 * newest before `before`. Both bounds are exclusive, and the events are always told oldest first.
 */
export interface Range {
  readonly before?: number;
  readonly after?: number;
  readonly limit?: number;
}

/** Which events are looked for: the newest (before `before`) that have every word of `text`, whatever its case, in them. */
export interface Query {
  readonly text: string;
  readonly before?: number;
  readonly limit?: number;
}

/**
 * A piece of history, oldest first. `next` is where to go on in the same direction (the next `after`, or the next
 * `before`), null at the end; `oldest` is the lowest seq kept, 1 before the first event.
 */
export interface Page {
  readonly events: readonly RoomEvent[];
  readonly next: number | null;
  readonly oldest: number;
}

/** Where a room stands: its counting, and what was made its topic last. */
export interface Standing {
  readonly epoch: string;
  readonly seq: number;
  readonly topic: string;
}

/** A room's name, and what it is found by however it is spelled. */
export interface RoomName {
  readonly name: string;
  readonly key: string;
}

/** Owns the numbering of rooms (epoch and seq) and what is remembered of them. */
export interface RoomLog {
  /** Numbers and keeps an event; synchronous, so that the order of calls is the order of seq. */
  append(room: string, draft: Draft): RoomEvent;
  state(room: string): Standing;
  /** At most 256 KiB of events. */
  read(room: string, range: Range): Page | Promise<Page>;
  /**
   * As `read`, but the events are told newest first, and where much is looked through, more may be found from `next` on than
   * a page that is not full lets expect. Null where nothing is kept that could be searched.
   */
  search(room: string, query: Query): Promise<Page> | null;
  /** Whether `search` looks anywhere. */
  readonly searchable: boolean;
  /** The room is empty and gone; what is not kept for good may be forgotten. */
  forget(room: string): void;
  /** The rooms that are remembered although nobody may be in them: the same list until one of them comes or goes. */
  readonly kept: readonly RoomName[];
  /** The name of the room with this key that is remembered so. */
  keptAs(key: string): string | undefined;
}
