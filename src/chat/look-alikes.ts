/**
 * What every look-alike letter looks like (Unicode TR 39, by unhomoglyph). Only its data: its code compiles one pattern
 * of 6,311 alternatives, which takes 8 ms and 10 MB. Loaded for the first name that needs it, because it is 3 MB.
 */
let shapes: Readonly<Record<string, string>> | null = null;

const ignorable = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * The skeleton of a text: two texts with the same skeleton look alike (Unicode TR 39, section 4, in lower case). Twice,
 * because what looks like a capital is small afterwards: `0` is an `O`, and so an `o`; a small `m` is `rn`.
 */
export function skeleton(text: string): string {
  return shaped(shaped(text.replace(ignorable, "")));
}

const ascii = /^[\0-\x7f]*$/;
/** The ASCII characters of that data, for the names that most people have. */
const asciiLookAlikes = /[01Im|"%`]/g;

function shaped(text: string): string {
  if (ascii.test(text)) return text.replace(asciiLookAlikes, shapeOf).toLowerCase();
  let seen = "";
  for (const letter of text.normalize("NFD")) seen += shapeOf(letter);
  return seen.normalize("NFD").toLowerCase();
}

function shapeOf(letter: string): string {
  shapes ??= require("unhomoglyph/data.json") as Readonly<Record<string, string>>;
  return shapes[letter] ?? letter;
}
