import { chatLimits } from "./limits.ts";

/** A piece of a list, and whether more would follow. */
export interface Cut<T> {
  readonly items: T[];
  readonly more: boolean;
}

/**
 * The beginning of a list that makes one page: at most `limit` items and 256 KiB of JSON, but at least one item.
 * @param limit anything but a number of 1 or more means as many as fit
 * @param size bytes of an item's JSON, or a bound above them
 */
export function cutPage<T>(list: Iterable<T>, limit: number | undefined, size: (item: T) => number): Cut<T> {
  const most = limit !== undefined && limit >= 1 ? Math.floor(limit) : Number.POSITIVE_INFINITY;
  const items: T[] = [];
  let bytes = 0;
  for (const item of list) {
    bytes += size(item);
    if (items.length >= most || (bytes > chatLimits.page && items.length > 0)) return { items, more: true };
    items.push(item);
  }
  return { items, more: false };
}

/** Where a list that is sorted by names goes on behind one of them, which need not be in it any more. */
export function firstBehind<T>(sorted: readonly T[], after: string | undefined, nameOf: (item: T) => string): number {
  if (after === undefined) return 0;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (nameOf(sorted[middle] as T) <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A bound above the bytes of a string's JSON, counted without making it: in chat text at most every character but the
 * quotes is escaped by one byte more.
 */
export function jsonBound(text: string): number {
  return Buffer.byteLength(text) + text.length + 3;
}
