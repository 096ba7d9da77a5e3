/** How much of a text is seen at once, in columns and rows of a terminal; a pipe takes all. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
}

export const ENDLESS: Room = { columns: Number.POSITIVE_INFINITY, rows: Number.POSITIVE_INFINITY };

/** More rows of a table nobody reads. */
const MOST_ROWS = 20;
/** A blank line, the headings, and how many more there are. */
const AROUND = 3;

/** How many rows each of these lists may show, so that a long one does not push another off the screen. */
export function rowsFor(lengths: readonly number[], room: number): readonly number[] {
  const lists = lengths.filter((length) => length > 0).length;
  let left = Math.max(lists, room - AROUND * lists);
  let after = lists;
  const share = new Map<number, number>();
  for (const [at, length] of [...lengths.entries()].filter(([, length]) => length > 0).sort(([, a], [, b]) => a - b)) {
    const rows = Math.min(length, MOST_ROWS, Math.ceil(left / after));
    share.set(at, rows);
    left -= rows;
    after -= 1;
  }
  return lengths.map((_, at) => share.get(at) ?? 0);
}
