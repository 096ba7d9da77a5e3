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

/**
 * A piece of history, oldest first. `next` is where to go on in the same direction (the next `after`, or the next
 * `before`), null at the end; `oldest` is the lowest seq kept, 1 before the first event.
 */
export interface Page {
  readonly events: readonly RoomEvent[];
  readonly next: number | null;
  readonly oldest: number;
}

/** Owns the numbering of rooms (epoch and seq) and what is remembered of them. */
export interface RoomLog {
  /** Numbers and keeps an event; synchronous, so that the order of calls is the order of seq. */
  append(room: string, draft: Draft): RoomEvent;
  /** Where the counting of a room stands. */
  state(room: string): { readonly epoch: string; readonly seq: number };
  /** At most 256 KiB of events. */
  read(room: string, range: Range): Page | Promise<Page>;
  /** The room is empty and gone; what is not kept for good may be forgotten. */
  forget(room: string): void;
}
