import { until } from "../support/deadline.ts";
import type { Inbox } from "../support/inbox.ts";

const COLUMNS = 80;
/** A control sequence (ECMA-48): its parameters and its final byte. */
const SEQUENCE = /^\x1b\[([\d;?]*)([A-Za-z])/;

/**
 * What a terminal of 80 columns shows of a program's output: enough of one for a line editor, and it throws at what it
 * does not know. A character of two columns takes two cells, the second empty.
 */
export class Screen {
  #rows: string[][] = [[]];
  private row = 0;
  private column = 0;
  private read = 0;
  private behind: { rows: string[][]; row: number; column: number } | null = null;

  constructor(private readonly output: Inbox) {}

  /** The rows from the top, without blanks at their ends and empty rows at the bottom. */
  get rows(): readonly string[] {
    this.update();
    const rows = this.#rows.map((cells) =>
      Array.from(cells, (cell) => cell ?? " ")
        .join("")
        .trimEnd(),
    );
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }

  /** The row that the cursor is in, with a bar where the cursor is. */
  get cursorRow(): string {
    this.update();
    const cells = Array.from(this.#rows[this.row] ?? [], (cell) => cell ?? " ");
    return `${cells.slice(0, this.column).join("")}|${cells.slice(this.column).join("")}`.trimEnd();
  }

  /** Waits until a row is exactly this. */
  async shows(row: string): Promise<void> {
    await until(
      () => this.rows.includes(row),
      () => `the row ${JSON.stringify(row)}; there are ${this.shown()}`,
    );
  }

  /** Waits until the cursor's row is exactly this, with a bar at the cursor. */
  async has(row: string): Promise<void> {
    await until(
      () => this.cursorRow === row,
      () => `${JSON.stringify(row)}; there are ${this.shown()}`,
    );
  }

  private shown(): string {
    return `${JSON.stringify(this.rows, null, 1)} and the cursor at ${JSON.stringify(this.cursorRow)}`;
  }

  private update(): void {
    let text = this.output.unread.subarray(this.read).toString();
    this.read = this.output.unread.length;
    while (text !== "") {
      const sequence = SEQUENCE.exec(text);
      const [char = ""] = text;
      if (sequence) this.control(sequence[2] ?? "", sequence[1] ?? "");
      else this.put(char);
      text = text.slice(sequence ? sequence[0].length : char.length);
    }
  }

  private put(char: string): void {
    if (char === "\r") this.column = 0;
    else if (char === "\n") this.moveTo(this.row + 1);
    else if (char < " ") throw new Error(`the screen does not know ${JSON.stringify(char)}`);
    else this.write(char, Bun.stringWidth(char));
  }

  private write(char: string, width: number): void {
    if (this.column + width > COLUMNS) {
      this.column = 0;
      this.moveTo(this.row + 1);
    }
    const cells = this.#rows[this.row] ?? [];
    cells[this.column] = char;
    if (width === 2) cells[this.column + 1] = "";
    this.column += width;
  }

  private moveTo(row: number): void {
    this.row = Math.max(0, row);
    while (this.#rows.length <= this.row) this.#rows.push([]);
  }

  private control(final: string, parameters: string): void {
    const count = Number(parameters) || 1;
    const actions: Readonly<Record<string, () => void>> = {
      A: () => this.moveTo(this.row - count),
      B: () => this.moveTo(this.row + count),
      C: () => this.place(this.column + count),
      D: () => this.place(this.column - count),
      G: () => this.place(count - 1),
      H: () => this.home(parameters),
      h: () => this.mode(parameters, true),
      l: () => this.mode(parameters, false),
      J: () => this.clearDown(),
      K: () => this.#rows[this.row]?.splice(this.column),
      m: () => {},
    };
    const action = actions[final];
    if (!action) throw new Error(`the screen does not know CSI ${parameters} ${final}`);
    action();
  }

  /** Only the corner is known. */
  private home(parameters: string): void {
    if (parameters !== "") throw new Error(`the screen does not know CSI ${parameters} H`);
    this.row = this.column = 0;
  }

  /** Private modes of xterm: the cursor (25), and the other screen (1049), behind which what was there is kept. */
  private mode(parameters: string, on: boolean): void {
    if (parameters === "?25") return;
    if (parameters !== "?1049") throw new Error(`the screen does not know CSI ${parameters} h and l`);
    const shown = on ? { rows: [[]], row: 0, column: 0 } : this.behind;
    if (shown === null || on === (this.behind !== null)) return;
    this.behind = on ? { rows: this.#rows, row: this.row, column: this.column } : null;
    this.#rows = shown.rows;
    this.row = shown.row;
    this.column = shown.column;
  }

  private place(column: number): void {
    this.column = Math.min(Math.max(0, column), COLUMNS - 1);
  }

  private clearDown(): void {
    this.#rows[this.row]?.splice(this.column);
    this.#rows = this.#rows.slice(0, this.row + 1);
  }
}
