/** A number from 0 to `count - 1` that nobody can guess, for a `count` of at most 2^32. */
export function randomBelow(count: number): number {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
  return Math.floor((value / 2 ** 32) * count);
}
