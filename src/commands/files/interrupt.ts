import { endingSignal } from "../../process/signals.ts";

/** The exit codes by which a shell knows what ended a program. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** How long what runs may take to come to its end. */
const PATIENCE_MS = 3_000;

/** Ctrl-C once: everything stops where it is and can be taken up again. Twice: the process ends at once. */
export class Interrupt {
  private readonly controller = new AbortController();
  private code: number = CODES.SIGINT;

  constructor() {
    void endingSignal().then((signal) => {
      this.code = CODES[signal];
      this.controller.abort();
      // What waits for a disk or a reader that does not move is not waited for; it can be taken up again as it is.
      setTimeout(() => process.exit(this.code), PATIENCE_MS).unref();
    });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends the process, if it was interrupted. */
  exitIfAsked(): void {
    if (this.signal.aborted) process.exit(this.code);
  }
}
