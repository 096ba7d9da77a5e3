import { endingSignal } from "../../signals.ts";

/** The exit codes by which a shell knows what ended a program. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Ctrl-C once: everything stops where it is and can be taken up again. Twice: the process ends at once. */
export class Interrupt {
  private readonly controller = new AbortController();
  private code: number = CODES.SIGINT;

  constructor() {
    void endingSignal().then((signal) => {
      this.code = CODES[signal];
      this.controller.abort();
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
