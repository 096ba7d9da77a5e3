/**
 * A text cut up where it has one of the words that were looked for, as the search finds them: parts of words too, in any
 * case. Every second piece is such a word; put together, the pieces are the text.
 */
export function split(text: string, wanted: string): readonly string[] {
  const words = wanted.split(/\s+/u).filter((word) => word !== "");
  if (words.length === 0) return [text];
  // The longest first: of "no number" the second must not be taken for the first.
  const longest = words.toSorted((a, b) => b.length - a.length);
  const escaped = longest.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return text.split(new RegExp(`(${escaped.join("|")})`, "giu"));
}
