import { distance } from "fastest-levenshtein";

/** Words longer than this are cut before they are compared: the comparison takes time by the square of their length. */
const LONGEST = 40;

/**
 * The known word that was probably meant, or null when nothing is near: two letters may be wrong (letters that changed
 * places are two), or a third of a long word, but only one of a word under four.
 */
export function nearest(word: string, known: Iterable<string>): string | null {
  const typed = word.slice(0, LONGEST).toLowerCase();
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const wrong = distance(typed, candidate.toLowerCase());
    if (wrong < least && wrong <= tolerated(candidate)) {
      best = candidate;
      least = wrong;
    }
  }
  return best;
}

function tolerated({ length }: string): number {
  return length < 4 ? 1 : Math.max(2, Math.floor(length / 3));
}
