const ANY_CONTROL = /\p{Cc}/u;
const ASCII = /^\p{ASCII}*$/u;
const BACKSPACE = "\b";
const DELETE = "\x7f";
const KILL_LINE = "\x15";
const INTERRUPT = "\x03";

/** Made on first need: it costs about a millisecond and few peers type a character at a time. */
let graphemes: Intl.Segmenter | undefined;

/**
 * A line as its writer saw it who typed it into a terminal that sends every key: BS and DEL erase the character before
 * them, as a person counts characters (an accented letter or an emoji is one); ^U and ^C drop all that was typed before
 * them. Other control characters stay. A line without any is returned as it is. Linear in the length of the line.
 */
export function edit(line: string): string {
  if (!ANY_CONTROL.test(line)) return line;
  const typed = line.slice(Math.max(line.lastIndexOf(KILL_LINE), line.lastIndexOf(INTERRUPT)) + 1);
  const kept: string[] = [];
  let from = 0;
  for (let at = 0; at <= typed.length; at++) {
    const key = typed[at];
    if (key !== undefined && key !== BACKSPACE && key !== DELETE) continue;
    for (const character of characters(typed.slice(from, at))) kept.push(character);
    if (key !== undefined) kept.pop();
    from = at + 1;
  }
  return kept.join("");
}

function* characters(text: string): Generator<string, void> {
  if (ASCII.test(text)) return yield* text;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (const { segment } of graphemes.segment(text)) yield segment;
}
