import { fold } from "../bytes/fold.ts";

/** A gram is so many characters: what SQLite's trigram tokenizer takes a text apart into. */
const GRAM = 3;
/** More grams than this make no search better, only longer. */
const MOST_GRAMS = 32;

/** The words that somebody looks for, folded: what is between blanks. */
export function wordsOf(text: string): readonly string[] {
  return [...new Set(fold(text).split(/\s+/))].filter((word) => word !== "");
}

/** Whether a text that was folded has every word somewhere in it. */
export function hasAll(folded: string, words: readonly string[]): boolean {
  return words.every((word) => folded.includes(word));
}

/**
 * The question to the index (FTS5) that finds all texts with these words in them, and perhaps others; null when the words
 * are so short that the index does not know them. Each gram is a quoted string, in which FTS5 gives a meaning to nothing
 * but the quote, so that `*`, `NEAR`, `-` and the like are looked for as they are.
 */
export function question(words: readonly string[]): string | null {
  const grams = new Set(words.flatMap(gramsOf));
  if (grams.size === 0) return null;
  return [...grams]
    .slice(0, MOST_GRAMS)
    .map((gram) => `"${gram.replaceAll('"', '""')}"`)
    .join(" ");
}

function gramsOf(word: string): readonly string[] {
  const letters = [...word];
  return letters.slice(GRAM - 1).map((_, i) => letters.slice(i, i + GRAM).join(""));
}
