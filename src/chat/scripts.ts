/** Scripts that are written together: Japanese, Chinese and Korean, each with Latin (Unicode TR 39, "highly restrictive"). */
const together = ["Latin", "Han", "Hiragana", "Katakana", "Bopomofo", "Hangul"];

/** The other scripts of living languages (Unicode TR 31, table 5): each stays alone. */
const alone = [
  ...["Arabic", "Armenian", "Bengali", "Cyrillic", "Devanagari", "Ethiopic", "Georgian", "Greek", "Gujarati"],
  ...["Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu"],
  ...["Thaana", "Thai", "Tibetan"],
];

const classOf = (scripts: readonly string[]) => scripts.map((script) => `\\p{scx=${script}}`).join("");
const common = "\\p{sc=Common}\\p{sc=Inherited}";

/** Digits and punctuation belong to all of them. */
const unmixed = [
  ...[together, ...alone.map((script) => [script])].map((set) => new RegExp(`^[${common}${classOf(set)}]*$`, "u")),
  new RegExp(`^[^${classOf([...together, ...alone])}]*$`, "u"),
];

const ascii = /^[\0-\x7f]*$/;

/** Whether letters of scripts that look alike are mixed, such as a Cyrillic `а` in a Latin word. */
export function mixesScripts(text: string): boolean {
  return !ascii.test(text) && !unmixed.some((script) => script.test(text));
}
