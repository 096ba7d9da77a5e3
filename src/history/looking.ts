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
 * Reads a page of a room of which the memory does not have all that is kept: it is on the disk, or waits for one that refuses
 * or does not keep up.
 * @param oldest the lowest seq that is kept
 */
export async function readBoth(
  { thread, pages, writer }: Disk,
  memory: MemoryLog,
  room: string,
  range: Range,
  oldest: number,
): Promise<Page> {
  const { after = 0, before = Number.MAX_SAFE_INTEGER, limit } = range;
  const upward = range.after !== undefined;
  const remembered = memory.oldest(room);
  const all = writer.unwritten > chatLimits.history ? writer.unwrittenOf(room) : [];
  const waiting = all.filter(({ seq }) => seq < remembered && seq < before && seq > after);
  const newer = upward
    ? [...waiting, ...memory.events(room, range)]
    : [...memory.events(room, range), ...waiting.toReversed()];
  const order = {
    ...{ room, upward, limit },
    after: Math.floor(after),
    before: Math.min(all[0]?.seq ?? remembered, remembered, before),
  };
  const { events, more } = await pages.take(() => thread.ask("read", order));
  const both = upward ? [...events, ...(more ? [] : newer)] : [...newer, ...events];
  return pageOfEvents(both, range, oldest, more);
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
