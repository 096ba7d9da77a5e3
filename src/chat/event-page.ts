import type { RoomEvent } from "./event.ts";
import type { Page, Range } from "./history.ts";
import { cutPage, jsonBound } from "./pages.ts";

/** Bytes of a room event's JSON beside its texts. */
const FRAME_OF_EVENT = 160;

/**
 * Makes a page of events that come in the direction of the range: upward with `after`, else downward.
 * @param further more would follow behind the last of them
 */
export function pageOfEvents(events: Iterable<RoomEvent>, range: Range, oldest: number, further = false): Page {
  const { items, more } = cutPage(events, range.limit, sizeOfEvent);
  const next = more || further ? (items.at(-1)?.seq ?? null) : null;
  return { events: range.after === undefined ? items.reverse() : items, next, oldest };
}

/** A bound above the bytes of an event's JSON. */
export function sizeOfEvent(event: RoomEvent): number {
  return FRAME_OF_EVENT + jsonBound(event.room) + jsonBound(event.from) + jsonBound(event.text);
}
