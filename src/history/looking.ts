import type { RoomEvent } from "../chat/event.ts";
import { pageOfEvents, sizeOfEvent } from "../chat/event-page.ts";
import type { Page, Query, Range } from "../chat/history.ts";
import { chatLimits } from "../chat/limits.ts";
import type { MemoryLog } from "../chat/memory-log.ts";
import { cutPage } from "../chat/pages.ts";
import type { Clock } from "../clock.ts";
import type { Disk } from "./disk.ts";

/** How long a search may take in all, in milliseconds; what is found by then is told, and where to go on. */
const SEARCH_MS = 1_000;

/**
 * Reads a page of a room of which the memory does not have all that is kept.
 * @param oldest the lowest seq that is kept
 */
export async function readBoth(
  { thread, pages, writer }: Disk,
  memory: MemoryLog,
  room: string,
  range: Range,
  oldest: number,
): Promise<Page> {
  const upward = range.after !== undefined;
  const remembered = [...memory.events(room, range)];
  const order = {
    room,
    upward,
    after: Math.floor(range.after ?? 0),
    before: Math.min(memory.oldest(room), range.before ?? Number.MAX_SAFE_INTEGER),
    limit: range.limit,
  };
  // Else whatever the memory has dropped is on the disk, or on its way there.
  if (writer.waiting > chatLimits.history) await writer.flush();
  const { events, more } = await pages.take(() => thread.ask("read", order));
  const all = upward ? [...events, ...(more ? [] : remembered)] : [...remembered, ...events];
  return pageOfEvents(all, range, oldest, more);
}

/** Searches a room, newest first, slice by slice until a page is full, everything was looked at, or the time is over. */
export async function lookFor(
  { thread, searches, writer }: Disk,
  clock: Clock,
  room: string,
  { text, before, limit }: Query,
): Promise<Omit<Page, "oldest">> {
  const until = clock.mono() + SEARCH_MS;
  await writer.flush();
  const found: RoomEvent[] = [];
  for (let at = before ?? Number.MAX_SAFE_INTEGER; ; ) {
    const order = { room, text, before: at, limit: limit === undefined ? undefined : limit - found.length };
    const { events, next } = await searches.take(() => thread.ask("search", order));
    found.push(...events);
    const { items, more } = cutPage(found, limit, sizeOfEvent);
    if (more) return { events: items, next: items.at(-1)?.seq ?? null };
    if (next === null || found.length === limit || clock.mono() > until) return { events: items, next };
    at = next;
  }
}
