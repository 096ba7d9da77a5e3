import { closeSync, openSync, read } from "node:fs";
import type { ReadStream } from "node:tty";
import { promisify } from "node:util";
import { nextTurn } from "../next-turn.ts";

const readSome = promisify(read);

/** What asks for secrets needs of a terminal; `process.stdin` is one where it is a terminal. */
export interface Keys {
  setRawMode(raw: boolean): unknown;
  on(event: "data", listener: (bytes: Uint8Array) => void): unknown;
  off(event: "data", listener: (bytes: Uint8Array) => void): unknown;
  pause(): unknown;
}

/**
 * The keys of the terminal that the process was started from, also where stdin is something else. A stream of it goes on
 * reading when it is destroyed, and the process would not end (measured with Bun 1.4.5); this reads while somebody listens.
 */
export class TerminalKeys implements Keys {
  private listener: ((bytes: Uint8Array) => void) | null = null;

  private constructor(
    private readonly fd: number,
    private readonly terminal: ReadStream,
  ) {}

  /** @throws the system's error where there is no terminal */
  static async open(): Promise<TerminalKeys> {
    const { ReadStream } = await import("node:tty");
    const fd = openSync("/dev/tty", "r+");
    return new TerminalKeys(fd, new ReadStream(fd));
  }

  setRawMode(raw: boolean): void {
    this.terminal.setRawMode(raw);
  }

  on(_: "data", listener: (bytes: Uint8Array) => void): void {
    this.listener = listener;
    void this.read();
  }

  off(): void {
    this.listener = null;
  }

  pause(): void {}

  close(): void {
    closeSync(this.fd);
  }

  private async read(): Promise<void> {
    const bytes = Buffer.alloc(256);
    while (this.listener !== null) {
      const { bytesRead } = await readSome(this.fd, bytes, 0, bytes.length, null);
      this.listener?.(Uint8Array.from(bytes.subarray(0, bytesRead)));
      // Whoever has the answer stops listening in a while.
      await nextTurn();
    }
  }
}
