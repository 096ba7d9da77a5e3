import { Exit } from "../exit.ts";
import type { Keys } from "./terminal-keys.ts";

const ENDING_SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** What keys send in raw mode. */
const ENTER = /^[\r\n]$/;
const BACKSPACE = /^[\b\x7f]$/;
const CONTROL = /\p{Cc}/u;
const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_U = "\x15";

/**
 * Asks for secrets on the terminal without echo. The terminal is as it was before once this is disposed, and also when
 * Ctrl-C or a signal ends the process meanwhile.
 */
export class SecretPrompt implements Disposable {
  private typed = "";
  private readonly decoder = new TextDecoder();
  private answer: PromiseWithResolvers<string> | null = null;
  /** Keys that came before they were asked for: somebody pasted both lines. */
  private ahead: string[] = [];
  private readonly onData = (bytes: Uint8Array) => this.hear(bytes);
  private readonly onSignal = (signal: NodeJS.Signals) => this.leave(signal);

  /** @param input the terminal */
  constructor(private readonly input: Keys = process.stdin) {
    input.setRawMode(true);
    input.on("data", this.onData);
    for (const signal of Object.keys(ENDING_SIGNALS)) process.on(signal, this.onSignal);
  }

  /** What is typed up to Enter. Rejects never; Ctrl-C, or Ctrl-D before anything was typed, ends the process. */
  ask(question: string): Promise<string> {
    process.stderr.write(question);
    this.answer = Promise.withResolvers<string>();
    const { promise } = this.answer;
    for (const key of this.ahead.splice(0)) this.press(key);
    return promise;
  }

  [Symbol.dispose](): void {
    this.input.setRawMode(false);
    this.input.off("data", this.onData);
    this.input.pause();
    for (const signal of Object.keys(ENDING_SIGNALS)) process.off(signal, this.onSignal);
  }

  private hear(bytes: Uint8Array): void {
    // Arrow keys and the like are no part of a password; each comes in one piece.
    const keys = this.decoder.decode(bytes, { stream: true }).replace(/\x1b(?:[[O][0-9;]*[ -/]*[@-~]|.)?/g, "");
    for (const key of keys) this.press(key);
  }

  private press(key: string): void {
    if (key === CTRL_C || (key === CTRL_D && this.typed === "")) this.leave("SIGINT");
    if (this.answer === null) this.ahead.push(key);
    else if (ENTER.test(key)) this.enter(this.answer);
    else if (BACKSPACE.test(key)) this.typed = [...this.typed].slice(0, -1).join("");
    else if (key === CTRL_U) this.typed = "";
    // Ctrl-Z and the like would be a part that nobody sees or knows of.
    else if (!CONTROL.test(key)) this.typed += key;
  }

  private enter(answer: PromiseWithResolvers<string>): void {
    process.stderr.write("\n");
    answer.resolve(this.typed);
    this.typed = "";
    this.answer = null;
  }

  private leave(signal: NodeJS.Signals): never {
    this[Symbol.dispose]();
    process.stderr.write("\n");
    const number = signal in ENDING_SIGNALS ? ENDING_SIGNALS[signal as keyof typeof ENDING_SIGNALS] : Exit.software;
    process.exit(128 + number);
  }
}
