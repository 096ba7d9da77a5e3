import type { Draft, RoomEvent } from "./event.ts";

/** Which events of a room are wanted: those after or before a seq (exclusive), newest first served, oldest first told. */
export interface Range {
  readonly before?: number;
  readonly after?: number;
  readonly limit?: number;
}

/** A piece of history, oldest first. `next` is where to go on in the same direction, null at the end; `oldest` is the lowest seq kept. */
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
