import { escapeText } from "../bytes/text.ts";
import { cutMiddle } from "../bytes/width.ts";

/** A column: its heading, and whether its cells are numbers, which stand to the right. */
export interface Column {
  readonly title: string;
  readonly right?: boolean;
  /** Where there is little room its cells are cut in their middle, to no less than so many columns of a terminal. */
  readonly least?: number;
  /** Left out where there is too little room even so. */
  readonly spare?: true;
}

/** Between two columns. */
const GAP = 2;

/**
 * Rows of text under their headings, two blanks between columns, as wide as a terminal shows them (a Chinese character
 * takes two places, a combining mark none). Cells are escaped. Without a newline at the end.
 * @param room columns of the terminal, which is kept to as far as the columns allow
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  room = Number.POSITIVE_INFINITY,
): string {
  const all = columns.map((column, at) => {
    const cells = [column.title, ...rows.map((row) => row[at] ?? "")].map(escapeText);
    return { column, cells, width: Math.max(...cells.map((cell) => Bun.stringWidth(cell))) };
  });
  const fitted = shrink(leaveOut(all, room), room);
  return [-1, ...rows.keys()]
    .map((at) =>
      fitted
        .map((laid) => cellOf(laid, at + 1))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

interface Laid {
  readonly column: Column;
  /** The heading first. */
  readonly cells: readonly string[];
  readonly width: number;
}

function cellOf({ column, cells, width }: Laid, row: number): string {
  const cell = cutMiddle(cells[row] ?? "", width);
  const padding = " ".repeat(width - Bun.stringWidth(cell));
  return column.right ? padding + cell : cell + padding;
}

/** Without as many spare columns, the last first, as it takes to make the others fit when they are cut. */
function leaveOut(all: readonly Laid[], room: number): readonly Laid[] {
  const needs = all.map((laid) => ({ ...laid, width: leastOf(laid) }));
  const spare = all.findLastIndex(({ column }) => column.spare === true);
  return widthOf(needs) <= room || spare < 0 ? all : leaveOut(all.toSpliced(spare, 1), room);
}

/** Takes from the widest column, a place at a time. */
function shrink(all: readonly Laid[], room: number): readonly Laid[] {
  const widths = all.map(({ width }) => width);
  const slack = (at: number) => (widths[at] ?? 0) > leastOf(all[at] as Laid);
  for (let over = widthOf(all) - room; over > 0; over--) {
    const able = [...widths.keys()].filter(slack);
    if (able.length === 0) break;
    const widest = able.reduce((a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return all.map((laid, at) => ({ ...laid, width: widths[at] ?? 0 }));
}

function leastOf({ column, width }: Laid): number {
  return Math.min(width, column.least ?? width);
}

function widthOf(all: readonly Laid[]): number {
  return all.reduce((sum, { width }) => sum + width + GAP, -GAP);
}
