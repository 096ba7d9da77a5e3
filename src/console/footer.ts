import { writeSync } from "node:fs";
import type { LogSink } from "../log.ts";

/** Goes to the first column, so many rows up, and clears all from there on (ECMA-48: CUU, ED). */
const eraseRows = (rows: number) => (rows === 0 ? "" : `\r${rows > 1 ? `\x1b[${rows - 1}A` : ""}\x1b[J`);

/**
 * Rows that stay below the log on a terminal: what is written appears above them. While there are none, this writes what
 * it is given and nothing else.
 */
export class Footer implements LogSink {
  private rows: readonly string[] = [];
  /** What is on the screen. */
  private drawn: readonly string[] = [];
  private flushing = false;

  /** @param columns asks how wide the terminal is now: when it has become narrower, rows that were drawn take more of it */
  constructor(
    private readonly sink: LogSink,
    private readonly columns: () => number,
  ) {}

  write(text: string): number | Promise<number> {
    const whole = this.erasing() + text + this.rows.join("\n");
    this.drawn = this.rows;
    return this.sink.write(whole);
  }

  flush(): number | Promise<number> {
    return this.sink.flush();
  }

  /** Shows these rows from now on; none are longer than the terminal is wide. A terminal that is stuck is left alone. */
  show(rows: readonly string[]): void {
    if (this.flushing || (rows.length === 0 && this.drawn.length === 0)) return;
    this.rows = rows;
    try {
      void this.write("");
      const taken = this.flush();
      if (!(taken instanceof Promise)) return;
      this.flushing = true;
      const done = () => {
        this.flushing = false;
      };
      taken.then(done, done);
    } catch {
      // The terminal is gone; the log finds out by itself.
    }
  }

  /** For the very end of the process: takes the rows away at once. */
  clearNow(fd: number): void {
    if (this.drawn.length === 0) return;
    try {
      writeSync(fd, this.erasing());
    } catch {
      // As above.
    }
    this.drawn = this.rows = [];
  }

  private erasing(): string {
    if (this.drawn.length === 0) return "";
    const columns = Math.max(1, this.columns());
    return eraseRows(this.drawn.reduce((sum, row) => sum + Math.max(1, Math.ceil(Bun.stringWidth(row) / columns)), 0));
  }
}
