const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * How long to wait before attempt 1, 2, 3 …: 1, 2, 4 … 30 seconds, each up to a quarter more, so that the members of a
 * server that restarted do not come back in step.
 * @param random from 0 to 1
 */
export function backoff(attempt: number, random = Math.random()): number {
  return Math.round(Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS) * (1 + random / 4));
}
