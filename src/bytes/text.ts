/*
 * Characters that do not stand for themselves on a terminal, in a log or on a page: control characters (C0, DEL, C1),
 * lone surrogates, U+2028 and U+2029, and everything that is invisible: the bidi controls that show text in another order
 * than it was written ("Trojan Source", CVE-2021-42574), the tag characters that hide text. Kept are the two joiners and
 * the variation selectors, without which emoji and Persian fall apart.
 */
const UNSAFE =
  /[[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]--[\u200c\u200d\ufe00-\ufe0f]]/v;
const EVERY_UNSAFE = new RegExp(UNSAFE.source, "gv");

/**
 * Text that may be shown on any terminal, log or page: what could drive a terminal or mislead a reader becomes a visible
 * `\x1b`, `\u202e` or `\u{e0041}`, LF included. A backslash is kept as it is, so this cannot be undone, only read; done
 * twice it is the same as done once. Text with nothing to escape, which is nearly all, is returned as it is.
 */
export function escapeText(text: string): string {
  return UNSAFE.test(text) ? text.replace(EVERY_UNSAFE, visible) : text;
}

/** The same, but LF is kept: for text of several lines whose lines the caller marks. */
export function escapeLines(text: string): string {
  return UNSAFE.test(text) ? text.replace(EVERY_UNSAFE, (char) => (char === "\n" ? char : visible(char))) : text;
}

/** Escaped, in double quotes (a double quote inside is `\"`), and cut with `…` to at most `max` characters between them. */
export function quote(text: string, max = 60): string {
  let shown = "";
  let width = 0;
  let fitting = 0;
  for (const char of text) {
    const piece = char === '"' ? '\\"' : escapeText(char);
    width += piece.length === char.length ? 1 : piece.length;
    if (width > max) return `"${shown.slice(0, fitting)}…"`;
    shown += piece;
    if (width < max) fitting = shown.length;
  }
  return `"${shown}"`;
}

function visible(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}
