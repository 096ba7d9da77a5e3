/** Whether a name matches. */
export type Glob = (name: string) => boolean;

/**
 * What bounds the work: a name of 255 characters is decided by some 10,000 steps, however it and the pattern were chosen
 * (CVE-2011-0418 was a pattern that took for ever).
 */
const LONGEST = 128;
const MOST_STARS = 8;

/** What one character must be; null is a star. */
type Piece = ((char: string) => boolean) | null;

/** Whether a text may be meant as a pattern. Files may have such names too, so look for the path first. */
export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

/**
 * A pattern for one name, not for a path: `*`, `?`, `[a-z]`, `[!a-z]`. There are no braces and no backslashes. As in a shell,
 * a dot that begins a name is only matched by a dot. Null for a pattern of more than 128 characters or 8 stars.
 */
export function compileGlob(pattern: string): Glob | null {
  const chars = Array.from(pattern.normalize("NFC").replace(/\*+/g, "*"));
  const pieces = piecesOf(chars);
  if (chars.length > LONGEST || pieces.filter((piece) => piece === null).length > MOST_STARS) return null;
  const dotted = chars[0] === ".";
  return (name) => (dotted || !name.startsWith(".")) && matches(pieces, Array.from(name));
}

function piecesOf(chars: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? "";
    if (char === "*") pieces.push(null);
    else if (char === "?") pieces.push(() => true);
    else {
      const close = char === "[" ? closing(chars, at) : -1;
      if (close === -1) pieces.push((other) => other === char);
      else {
        pieces.push(bracket(chars.slice(at + 1, close)));
        at = close;
      }
    }
  }
  return pieces;
}

/** Where the `]` is that ends the bracket at `open`; -1 when there is none, and `[` is a character as others. */
function closing(chars: readonly string[], open: number): number {
  const first = isNot(chars[open + 1]) ? open + 2 : open + 1;
  // A `]` that comes first is one of the characters.
  return chars.indexOf("]", first + 1);
}

function isNot(char: string | undefined): boolean {
  return char === "!" || char === "^";
}

function bracket(chars: readonly string[]): (char: string) => boolean {
  const not = isNot(chars[0]);
  const from = not ? 1 : 0;
  const ranges: (readonly [number, number])[] = [];
  for (let at = from; at < chars.length; at++) {
    const low = codeOf(chars[at]);
    const range = chars[at + 1] === "-" && at + 2 < chars.length;
    ranges.push([low, range ? codeOf(chars[at + 2]) : low]);
    if (range) at += 2;
  }
  return (char) => {
    const code = codeOf(char);
    return ranges.some(([low, high]) => low <= code && code <= high) !== not;
  };
}

function codeOf(char: string | undefined): number {
  return char?.codePointAt(0) ?? -1;
}

/** When what follows a star does not match, only the last star can help by taking one character more. */
function matches(pieces: readonly Piece[], name: readonly string[]): boolean {
  let piece = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const test = pieces[piece];
    if (test === null) {
      star = piece++;
      starAt = at;
    } else if (test?.(name[at] ?? "")) {
      piece++;
      at++;
    } else if (star === -1) return false;
    else {
      piece = star + 1;
      at = ++starAt;
    }
  }
  while (pieces[piece] === null) piece++;
  return piece === pieces.length;
}
