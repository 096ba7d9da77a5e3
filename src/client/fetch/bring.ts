import { formatPercent, formatSize } from "../../bytes/amounts.ts";
import type { Clock } from "../../clock.ts";
import { Retry } from "../files/retry.ts";
import { Passing, Stopped } from "../files/trouble.ts";
import type { Fields } from "../messages.ts";
import type { Bar, Progress } from "../progress/progress.ts";
import { brokenFailure } from "./broken.ts";
import { FetchFailure } from "./failure.ts";
import { AlreadyThere, type Facts, type Sink, type Watch } from "./sink.ts";
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

/** Whether an error says why a URL could not be fetched. */
export function isFailure(error: unknown): error is FetchFailure | Passing {
  return error instanceof FetchFailure || error instanceof Passing;
}

/** Brings one file to its end, in as many tries as it takes, and shows how far it is. */
export class Bringing implements Watch {
  private bar: Bar | null = null;
  /** The most bytes that were ever there. */
  private peak = 0;
  /** Whether bytes of the file began to come in this try. */
  private began = false;
  /** Whether the server can go on in the middle of a file; null while nobody knows. */
  private canResume: boolean | null = null;
  /** Whether bytes of an earlier run are of no use. */
  private isForgotten = false;
  /** What the server had said of the file before this try. */
  private known: Facts | null = null;
  /** Where the last try that had begun broke off. */
  private cutAt: number | null = null;

  constructor(
    private readonly source: Source,
    private readonly sink: Sink,
    private readonly o: BringOptions,
    /** What its bar is called. */
    private readonly name = source.shown,
  ) {}

  /**
   * Resolves with the bytes of the file once it is whole.
   * @param facts what `--json` says besides
   * @throws what {@link isFailure}; ReaderGone; Stopped
   */
  async run(facts: Fields): Promise<number> {
    let already: boolean;
    try {
      this.sink.check();
      const retry = new Retry({ ...this.o, tell: (line) => this.o.progress.log(line) });
      already = await retry.run(
        this.source.shown,
        () => this.peak,
        () => this.try(),
      );
    } catch (error) {
      const place = this.sink.received > 0 ? this.place() : null;
      const isKept = this.sink.leave();
      const stopped = place === null ? null : this.stoppedAt(place, isKept);
      if (error instanceof Stopped && stopped !== null) this.o.progress.log(`${this.source.shown}: ${stopped}`);
      if (!isFailure(error)) throw error;
      const mayGoOn = error instanceof Passing || error.mayPass;
      const reason = stopped !== null && mayGoOn ? `${error.message}; ${stopped}` : error.message;
      this.shown().failed(reason, facts);
      throw new FetchFailure(reason, mayGoOn, { cause: error });
    }
    const bytes = this.sink.received;
    this.shown().at(bytes);
    const line = already
      ? `${this.source.shown}: already there, with the server's size and time`
      : `${bytes} bytes received from ${this.source.shown}`;
    this.shown().done(line, { ...facts, already });
    return bytes;
  }

  begins(): void {
    this.began = true;
    const { received } = this.sink;
    const { shown } = this.source;
    if (received > 0) this.o.progress.log(`resuming ${shown} at ${this.place()}`);
    else if (this.peak > 0 || this.isForgotten) this.o.progress.log(`${shown}: begins anew, ${this.reasonToBegin()}`);
    this.isForgotten = false;
    this.shown().at(received);
  }

  resumes(can: boolean): void {
    this.canResume = can;
    this.isForgotten ||= !can && this.sink.received > 0;
  }

  moved(): void {
    this.peak = Math.max(this.peak, this.sink.received);
    this.shown().at(this.sink.received);
  }

  /** Whether the file was there already. */
  private async try(): Promise<boolean> {
    this.began = false;
    this.known = this.sink.facts;
    try {
      const { url } = this.source;
      if (url.protocol === "ftp:") await (await import("./ftp.ts")).fetchFtp(url, this.sink, this.o, this);
      else await (await import("./http.ts")).fetchHttp(url, this.sink, this.o, this);
      await this.sink.commit();
      return false;
    } catch (error) {
      if (error instanceof AlreadyThere) return true;
      throw error instanceof ReaderGone ? error : this.verdict(brokenFailure(error));
    }
  }

  /**
   * Passing when it may help to try again. A server that has sent nothing yet is believed at once, whether it is not there
   * or says that it is busy, unless it says when to ask again; one that had begun will be back.
   */
  private verdict(failure: FetchFailure): Passing | FetchFailure {
    const { received } = this.sink;
    // A server that breaks off at the very same byte again does not do so by chance.
    const again = this.began && this.cutAt === received;
    if (this.began) this.cutAt = received;
    const isAsked = failure.afterMs !== null;
    if (!failure.mayPass || again || (this.cutAt === null && !isAsked)) return failure;
    return new Passing(failure.message, { cause: failure }, failure.afterMs ?? 0);
  }

  private reasonToBegin(): string {
    const [before, now] = [this.known?.validator, this.sink.facts?.validator];
    return before && now && before !== now ? "it has changed on the server" : "the server cannot resume";
  }

  /** Promises nothing that the server may not do. */
  private stoppedAt(place: string, isKept: boolean): string {
    const begun = `stopped at ${place}`;
    if (!isKept) return begun;
    if (this.canResume === false) return `${begun}; the server cannot resume, so the next run begins anew`;
    return `${begun}; run the same command again to go on${this.canResume ? "" : ", if the server can do that"}`;
  }

  private shown(): Bar {
    this.bar ??= this.o.progress.begin(this.name, this.sink.facts?.size ?? null, this.sink.received);
    return this.bar;
  }

  private place(): string {
    const { received, facts } = this.sink;
    return facts?.size ? formatPercent(received, facts.size) : formatSize(received);
  }
}
