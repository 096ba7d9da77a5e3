import { formatPercent, formatSize } from "../../bytes/amounts.ts";
import type { Clock } from "../../clock.ts";
import { backoff } from "../backoff.ts";
import type { Fields } from "../messages.ts";
import type { Bar, Progress } from "../progress/progress.ts";
import { brokenFailure } from "./broken.ts";
import { FetchFailure } from "./failure.ts";
import type { Sink, Watch } from "./sink.ts";
import type { Source } from "./source.ts";
import { ReaderGone } from "./stream-sink.ts";

export interface BringOptions {
  readonly retries: number;
  readonly progress: Progress;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly ca?: string;
  readonly insecure?: boolean;
}

/** Brings one file to its end, in as many tries as it takes, and shows how far it is. */
export class Bringing implements Watch {
  private bar: Bar | null = null;
  /** The most bytes that were ever there. */
  private peak = 0;
  /** Whether bytes of the file began to come in this try. */
  private began = false;

  constructor(
    private readonly source: Source,
    private readonly sink: Sink,
    private readonly o: BringOptions,
  ) {}

  /**
   * Resolves with the bytes of the file once it is whole.
   * @param facts what `--json` says besides
   * @throws FetchFailure; ReaderGone
   */
  async run(facts: Fields): Promise<number> {
    try {
      this.sink.check();
      await this.tryAndTry();
    } catch (error) {
      this.sink.leave();
      if (error instanceof FetchFailure) this.shown().failed(error.message, facts);
      throw error;
    }
    const bytes = this.sink.received;
    this.shown().at(bytes);
    this.shown().done(`${bytes} bytes received from ${this.source.shown}`, facts);
    return bytes;
  }

  begins(): void {
    this.began = true;
    const { received } = this.sink;
    if (received > 0) this.o.progress.log(`resuming ${this.source.shown} at ${this.place()}`);
    this.shown().at(received);
  }

  moved(): void {
    this.peak = Math.max(this.peak, this.sink.received);
    this.shown().at(this.sink.received);
  }

  private async tryAndTry(): Promise<void> {
    let cutAt: number | null = null;
    for (let tries = 1, best = 0; ; tries++) {
      this.began = false;
      try {
        await this.once();
        return await this.sink.commit();
      } catch (error) {
        if (error instanceof ReaderGone) throw error;
        const failure = brokenFailure(error);
        // A server that breaks off at the very same byte again does not do so by chance.
        if (this.began && cutAt === this.sink.received) throw failure;
        if (this.began) cutAt = this.sink.received;
        // Whatever brought the file further was no vain try.
        if (this.peak > best) tries = 1;
        best = this.peak;
        if (tries > this.o.retries || !this.helps(failure)) throw failure;
        await this.pause(failure, backoff(tries));
      }
    }
  }

  private async once(): Promise<void> {
    const { url } = this.source;
    if (url.protocol === "ftp:") await (await import("./ftp.ts")).fetchFtp(url, this.sink, this.o, this);
    else await (await import("./http.ts")).fetchHttp(url, this.sink, this.o, this);
  }

  private helps({ again }: FetchFailure): boolean {
    return !this.o.signal.aborted && (again === "always" || (again === "begun" && this.peak > 0));
  }

  private async pause({ message }: FetchFailure, ms: number): Promise<void> {
    const { progress, clock, signal } = this.o;
    progress.log(`${this.source.shown}: ${message}; trying again in ${Math.ceil(ms / 1000)} s`);
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = clock.after(ms, resolve);
    signal.addEventListener("abort", () => resolve());
    await promise;
    cancel();
  }

  private shown(): Bar {
    this.bar ??= this.o.progress.begin(this.source.shown, this.sink.facts?.size ?? null, this.sink.received);
    return this.bar;
  }

  private place(): string {
    const { received, facts } = this.sink;
    return facts?.size ? formatPercent(received, facts.size) : formatSize(received);
  }
}
