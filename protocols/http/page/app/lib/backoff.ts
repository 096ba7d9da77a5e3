const FIRST_MS = 500;
const MOST_MS = 15_000;

/**
 * How long to wait before try number `tries` (0 is the first): doubled each time up to 15 s, and by chance up to half as
 * much less, so that a thousand pages do not come back in the same moment.
 */
export function backoff(tries: number, random: () => number = Math.random): number {
  const full = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
  return Math.round(full * (1 - random() / 2));
}
