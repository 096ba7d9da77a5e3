import { FirstWords } from "../../client/first-words.ts";
import { Stream } from "../../client/stream.ts";
import { formatTarget, unreachable } from "../../client/target.ts";
import { CommandError, Exit } from "../../exit.ts";
import type { Target } from "../../net/address.ts";
import { Expected, NO_ECHO } from "./expected.ts";
import { Output } from "./output.ts";

/** After the end of the input, how long the server may be silent before it counts as mute. */
const SILENCE_MS = 10_000;

/** Sends a text and a newline, or stdin, says that this was all, and prints what comes until the server closes. */
export async function echoStream(target: Target, text: string | null): Promise<void> {
  const exchange = new Exchange(target);
  await exchange.open();
  if (text !== null) exchange.send(Buffer.from(`${text}\n`));
  else void exchange.sendInput();
  await exchange.done;
}

class Exchange {
  private readonly output = new Output();
  private readonly first: FirstWords;
  private readonly expected = new Expected();
  readonly #done = Promise.withResolvers<void>();
  private stream: Stream | null = null;
  private room = Promise.withResolvers<void>();
  private sent = 0;
  private received = 0;
  private finished = false;
  private closing = false;
  private silence: NodeJS.Timeout | undefined;
  private mute = false;
  /** Whoever read stdout has seen enough, as in `tincan echo … | head`. */
  private enough = false;
  /** Something else came than what an echo answers. */
  private differs = false;

  constructor(private readonly target: Target) {
    this.first = new FirstWords(target);
  }

  /** Settles when the server has closed; rejects with a sentence when it closed without an answer. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  async open(): Promise<void> {
    const listener = {
      data: (chunk: Uint8Array) => this.receive(chunk),
      drained: () => this.room.resolve(),
      closed: (error: Error | null) => this.closed(error),
    };
    try {
      this.stream = await Stream.connect(this.target, listener);
    } catch (error) {
      throw unreachable(this.target, error);
    }
    process.stdout.once("error", () => {
      this.enough = true;
      this.stream?.close();
    });
    try {
      await this.first.listen();
    } catch (error) {
      this.enough = true;
      this.stream.close();
      process.stdin.destroy();
      throw error;
    }
  }

  /** Sends the last there is. */
  send(bytes: Uint8Array): void {
    this.write(bytes);
    this.finish();
  }

  /** Sends stdin as fast as the server takes it. The end of the connection ends it, too: stdin is destroyed then. */
  async sendInput(): Promise<void> {
    try {
      for await (const chunk of process.stdin) {
        if (!this.write(chunk)) await this.room.promise;
        if (this.differs) break;
      }
      this.finish();
    } catch (error) {
      if (!this.closing) throw error;
    }
  }

  private write(bytes: Uint8Array): boolean {
    this.sent += bytes.length;
    this.expected.sent(bytes);
    const more = this.stream?.write(bytes) ?? true;
    if (!more) this.room = Promise.withResolvers<void>();
    return more;
  }

  private finish(): void {
    this.finished = true;
    this.stream?.finish();
    this.watch();
  }

  private receive(chunk: Uint8Array): void {
    this.received += chunk.length;
    this.output.write(chunk);
    this.first.hear(chunk);
    // What comes before anything was sent is a greeting.
    if (this.sent > 0) this.differs ||= !this.expected.answers(chunk);
    if (this.finished) this.watch();
  }

  private watch(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.mute = true;
      this.stream?.close();
    }, SILENCE_MS);
  }

  private closed(error: Error | null): void {
    this.closing = true;
    this.first.hear(null);
    clearTimeout(this.silence);
    process.stdin.destroy();
    const failure = this.failure(error);
    if (failure === null) this.#done.resolve();
    else this.#done.reject(new CommandError(Exit.failed, `${formatTarget(this.target)} ${failure}`));
  }

  private failure(error: Error | null): string | null {
    if (this.enough) return null;
    if (this.mute && this.received < this.sent) return `was silent for ${SILENCE_MS / 1000} s`;
    if (this.sent > 0 && this.received === 0) return "closed the connection without an answer";
    if (this.differs) return NO_ECHO;
    if (error !== null || !this.finished) return "broke the connection before everything was answered";
    return this.expected.isMet ? null : "closed the connection before everything was answered";
  }
}
