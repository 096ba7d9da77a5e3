import { escapeText } from "../bytes/text.ts";

/** A column: its heading, and whether its cells are numbers, which stand to the right. */
export interface Column {
  readonly title: string;
  readonly right?: boolean;
}

/**
 * Rows of text under their headings, two blanks between columns, as wide as a terminal shows them (a Chinese character
 * takes two places, a combining mark none). Cells are escaped. Without a newline at the end.
 */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(escapeText));
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => Bun.stringWidth(row[at] ?? ""))));
  const line = (row: readonly string[]) =>
    columns
      .map(({ right }, at) => {
        const cell = row[at] ?? "";
        const padding = " ".repeat((widths[at] ?? 0) - Bun.stringWidth(cell));
        return right ? padding + cell : cell + padding;
      })
      .join("  ")
      .trimEnd();
  return cells.map(line).join("\n");
}
