import type { createInterface, Interface } from "node:readline";
import type { ReadStream, WriteStream } from "node:tty";

/** What Tab may put in place of the word before the cursor. */
export interface Completion {
  readonly word: string;
  readonly choices: readonly string[];
}

export interface LineEditorListener {
  /** Enter was pressed; the typed line has vanished from the screen. */
  line(text: string): void;
  /** Ctrl-C, Ctrl-D or a hang-up; the terminal is as it was before. */
  ended(): void;
  complete(before: string): Completion;
}

/** Where readline keeps the row of the cursor below the prompt's, from which it goes up before it draws. */
const ROW = "prevRows";
/** What a terminal is taken to have that says 0, as serial lines and some containers do. */
const COLUMNS = 80;
/** Lines that Up brings back. */
const HISTORY = 500;

/**
 * The line being typed at the bottom of a terminal, while text scrolls above it. Editing, history and Tab are readline's;
 * text that is printed moves neither the cursor nor what was typed, also with characters that are two columns wide.
 */
export class LineEditor {
  private readonly readline: Interface;
  #prompt: string;
  private closed = false;
  private readonly onKeypress = () => this.typed();

  /** Begins to edit. Readline is loaded here, because the daemon is the same binary and would keep it in memory. */
  static async open(
    input: ReadStream,
    output: WriteStream,
    prompt: string,
    listener: LineEditorListener,
  ): Promise<LineEditor> {
    const { createInterface } = await import("node:readline");
    assumeColumns(output);
    return new LineEditor(createInterface, input, output, prompt, listener);
  }

  private constructor(
    create: typeof createInterface,
    private readonly input: ReadStream,
    private readonly output: WriteStream,
    prompt: string,
    private readonly listener: LineEditorListener,
  ) {
    this.#prompt = prompt;
    this.readline = create({
      input,
      output,
      prompt,
      terminal: true,
      historySize: HISTORY,
      removeHistoryDuplicates: true,
      completer: (before: string): [string[], string] => {
        const { word, choices } = listener.complete(before);
        return [[...choices], word];
      },
    });
    input.on("keypress", this.onKeypress);
    this.readline.on("line", (text) => this.entered(text));
    this.readline.on("SIGINT", () => this.close());
    this.readline.on("SIGTSTP", () => this.stop());
    this.readline.on("close", () => this.ended());
    // A terminal that hung up cannot be set back any more.
    this.readline.on("error", () => this.ended());
    this.readline.prompt();
  }

  /** What stands before the line; shown at once. */
  set prompt(prompt: string) {
    if (prompt === this.#prompt || this.closed) return;
    this.#prompt = prompt;
    this.above(() => this.readline.setPrompt(prompt));
  }

  /** Prints lines above the line being typed. The text must be safe for a terminal. */
  print(text: string): void {
    if (this.closed) this.output.write(`${text}\n`);
    else this.above(() => this.output.write(`${text}\n`));
  }

  /** Takes the typed line off the screen and gives the terminal back. */
  close(): void {
    this.readline.close();
  }

  private above(print: () => void): void {
    this.clear();
    print();
    this.drawFromRow(0);
  }

  /** Clears prompt and line; the cursor is then where the prompt began. */
  private clear(): void {
    this.clearFrom(this.readline.getCursorPos().rows);
  }

  /** Clears from the row so many above the cursor to the end of the screen; the cursor is then where that row begins. */
  private clearFrom(rowsUp: number): void {
    this.output.moveCursor(0, -rowsUp);
    this.output.cursorTo(0);
    this.output.clearScreenDown();
  }

  /** Draws prompt and line anew, with the cursor now in the given row below the prompt's. */
  private drawFromRow(row: number): void {
    Reflect.set(this.readline, ROW, row);
    this.readline.prompt(true);
  }

  /**
   * While several characters come at once, as in a paste, readline writes them without taking note of the row they reach,
   * and would then draw the line a second time below itself. After a full row the terminal moves to the next one only
   * with the next character.
   */
  private typed(): void {
    const { rows, cols } = this.readline.getCursorPos();
    if (!this.closed && Reflect.get(this.readline, ROW) !== rows) this.drawFromRow(cols === 0 ? rows - 1 : rows);
  }

  /**
   * Ctrl-Z: the shell has the terminal until it continues this process, which is when `kill` returns, or at once where no
   * shell could (POSIX, "orphaned process group"). Readline itself would go on without reading keys.
   */
  private stop(): void {
    this.clear();
    this.input.setRawMode(false);
    process.kill(process.pid, "SIGTSTP");
    this.input.setRawMode(true);
    this.drawFromRow(0);
  }

  private entered(text: string): void {
    // Enter has moved the cursor to the row below the line.
    this.clearFrom(1 + rowsBelow(this.#prompt + text, this.output.columns));
    this.readline.prompt();
    this.listener.line(text);
  }

  private ended(): void {
    if (this.closed) return;
    this.closed = true;
    this.input.off("keypress", this.onKeypress);
    this.clear();
    this.listener.ended();
  }
}

/** Readline divides by the number of columns, now and whenever the terminal has another size. */
function assumeColumns(output: WriteStream): void {
  let told = output.columns;
  Object.defineProperty(output, "columns", {
    configurable: true,
    get: () => told || COLUMNS,
    set: (columns: number) => {
      told = columns;
    },
  });
}

const graphemes = new Intl.Segmenter();

/** In which row below its first the end of a text stands, on a terminal that moves a wide character to the next row whole. */
export function rowsBelow(text: string, columns: number): number {
  let at = 0;
  for (const { segment } of graphemes.segment(text)) {
    const width = Bun.stringWidth(segment);
    if (width === 2 && at % columns === columns - 1) at += 1;
    at += width;
  }
  return Math.floor(at / columns);
}
