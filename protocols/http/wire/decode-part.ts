import { percent } from "../../../src/bytes/url.ts";

const RAW = /[\x80-\xff]/g;

/**
 * Part of a path, decoded once; null when it is no percent-encoded UTF-8. What a person types into curl comes as bare
 * UTF-8, which must be right as well.
 * @param part as latin1
 */
export function decodePart(part: string): string | null {
  try {
    return decodeURIComponent(part.replace(RAW, percent));
  } catch {
    return null;
  }
}
