/** The beginning of a text that fits into so many columns of a terminal. A wide character that would stick out is left out. */
export function cutEnd(text: string, columns: number): string {
  const cut = Bun.sliceAnsi(text, 0, columns);
  // A wide character at the cut is taken whole.
  return Bun.stringWidth(cut) > columns ? Bun.sliceAnsi(text, 0, columns - 1) : cut;
}

/** A text as wide as that at most: cut in its middle by a `…`, so that both what it begins with and its end are seen. */
export function cutMiddle(text: string, columns: number): string {
  const wide = Bun.stringWidth(text);
  if (wide <= columns) return text;
  if (columns < 1) return "";
  const head = cutEnd(text, Math.ceil((columns - 1) / 2));
  const tail = Math.floor((columns - 1) / 2);
  return `${head}…${tail === 0 ? "" : Bun.sliceAnsi(text, wide - tail, wide)}`;
}
