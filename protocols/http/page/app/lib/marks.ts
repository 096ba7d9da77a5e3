import { fold } from "../../../../../src/bytes/fold.ts";

/** A letter with the signs that belong to it. */
const LETTER = /\P{M}\p{M}*|\p{M}+/gu;

/** A text as searches compare it, and where each of its UTF-16 units comes from. */
interface Folded {
  readonly text: string;
  /** Where the letter begins that a unit is of; one more, for the end. */
  readonly from: readonly number[];
}

/**
 * A text cut up where it has one of the words that were looked for, as the search finds them: parts of words too, in any
 * case, with or without accents. Every second piece is such a word; put together, the pieces are the text.
 */
export function split(text: string, wanted: string): readonly string[] {
  const words = fold(wanted)
    .split(/\s+/u)
    .filter((word) => word !== "");
  if (words.length === 0) return [text];
  // The longest first: of "no number" the second must not be taken for the first.
  const longest = words.toSorted((a, b) => b.length - a.length);
  const escaped = longest.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  const folded = foldLetters(text);
  const pieces: string[] = [];
  let end = 0;
  for (const { index, 0: word } of folded.text.matchAll(new RegExp(escaped.join("|"), "gu"))) {
    const start = Math.max(end, folded.from[index] ?? 0);
    const behind = endOf(folded, index + word.length);
    pieces.push(text.slice(end, start), text.slice(start, behind));
    end = behind;
  }
  return [...pieces, text.slice(end)];
}

function foldLetters(text: string): Folded {
  const from: number[] = [];
  let folded = "";
  for (const { index, 0: letter } of text.matchAll(LETTER)) {
    const piece = fold(letter);
    for (let unit = 0; unit < piece.length; unit++) from.push(index);
    folded += piece;
  }
  return { text: folded, from: [...from, text.length] };
}

/** Where the letter ends of which a unit is the last one. */
function endOf({ from }: Folded, behind: number): number {
  const last = from[behind - 1];
  let next = behind;
  while (next < from.length - 1 && from[next] === last) next++;
  return from[next] ?? 0;
}
