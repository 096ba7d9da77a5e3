/** The name of a new counting: six characters. Two of a room are the same one by chance once in 2,000 million. */
export function newEpoch(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return random.toString(36).padStart(6, "0").slice(-6);
}
