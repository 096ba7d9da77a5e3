import { distance } from "fastest-levenshtein";

/** `maxFrame` as it is written on the command line (behind `--`) and in the configuration file: `max-frame`. */
export function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export const ENVIRONMENT_PREFIX = "TINCAN_";

/** `maxFrame` as it is written in the environment: `TINCAN_MAX_FRAME`. */
export function environmentName(key: string): string {
  return `${ENVIRONMENT_PREFIX}${dashed(key).replaceAll("-", "_").toUpperCase()}`;
}

/** The known word that was probably meant: at most a third of its letters are wrong. Null when nothing is near. */
export function nearest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const wrong = distance(word, candidate);
    if (wrong < least && wrong <= Math.max(1, Math.floor(candidate.length / 3))) {
      best = candidate;
      least = wrong;
    }
  }
  return best;
}
