import { formatPercent, formatSize } from "../../bytes/amounts.ts";
import { messageOf } from "../../thrown.ts";
import type { Bar, Progress } from "../progress/progress.ts";
import type { Retry } from "./retry.ts";
import { Changed, LeftOut, Passing, Stopped } from "./trouble.ts";

/** What all transfers of a command share. */
export interface Shared {
  readonly progress: Progress;
  readonly retry: Retry;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** Replace files that are there. */
  readonly force: boolean;
  /** What to do to go on with what was stopped; absent: run the same command again. */
  readonly again?: string;
}

/** What is moved. */
export interface Subject {
  /** How people see it. */
  readonly name: string;
  /** On the server. */
  readonly path: string;
  /** On this machine. */
  readonly file: string;
  /** In bytes, as far as is known before it moves. */
  readonly size: number;
}

/** A file that is whole, where it should be. */
export interface Moved {
  readonly bytes: number;
  /** Of the whole file; both sides have the same. */
  readonly sha256: string;
  /** It was there before. */
  readonly already: boolean;
  /** Where it was taken up again; 0 for the start. */
  readonly resumedAt: number;
}

/** How often a file may change on its way, or arrive damaged, before it is given up. */
const MOST_RESTARTS = 3;

/** So many bytes take a while to read and hash, and that is told. */
const LONG = 1_000_000_000;

/** A file on its way in either direction: what is told of it from its begin to its end, through all tries. */
export class Transfer {
  private bar: Bar | null = null;
  /** Bytes that went over the network, also those that were of no use. */
  private moved = 0;
  /** Bytes of the file that are where they should be. */
  private at = 0;
  private resumedAt = 0;
  private restarts = 0;
  private size: number;

  constructor(
    private readonly subject: Subject,
    private readonly shared: Shared,
  ) {
    this.size = subject.size;
  }

  /** Runs it to its end, and says where it stands if that is not the file's. Rejects as `work` does. */
  async run(work: () => Promise<Moved>): Promise<Moved> {
    try {
      return await work();
    } catch (error) {
      const { name, path } = this.subject;
      const told = this.withPlace(error);
      this.bar ??= this.shared.progress.begin(name, this.size);
      const facts = { path, ...(told instanceof LeftOut && { leftOut: true }) };
      this.bar.failed(messageOf(told), facts);
      throw told;
    }
  }

  /** Tries as often as it takes; bytes that moved make a new try worth while. */
  retry<T>(attempt: () => Promise<T>): Promise<T> {
    return this.shared.retry.run(this.subject.name, () => this.moved, attempt);
  }

  /** What arrived is of no use: another try, from the start. @throws `error`, when that happened too often */
  anew(error: Error, reason = error.message): Passing {
    this.restarts += 1;
    this.at = 0;
    if (this.restarts > MOST_RESTARTS) throw error;
    return new Passing(reason);
  }

  /**
   * What an earlier try left is of no use. @throws Changed when that happened too often: each try may move bytes, and
   * none gets further
   */
  startOver(why: string): void {
    this.anew(new Changed(`${why} again and again`));
    this.log(`${why}; starting over`);
  }

  /** So many bytes of an earlier try are there. */
  holds(bytes: number): void {
    this.at = bytes;
  }

  /** Bytes of a file of this size begin to move behind these; 0 for the start. */
  begin(offset: number, size: number): void {
    this.size = size;
    if (this.bar === null) this.resumedAt = offset;
    this.bar ??= this.shared.progress.begin(this.subject.name, size, offset);
    this.at = offset;
    this.bar.at(offset);
  }

  /** So many more bytes have arrived. */
  advance(bytes: number): void {
    this.moved += bytes;
    this.at += bytes;
    this.bar?.at(this.at);
  }

  /** Before bytes that are there already are hashed on both sides, which is done at once where they are few. */
  tellCheck(bytes: number): void {
    if (bytes < LONG) return;
    this.log(`checking the ${formatSize(bytes)} of ${this.subject.name} that are there already`);
  }

  tellResume(offset: number, size: number): void {
    this.log(`resuming ${this.subject.name} at ${formatPercent(offset, size)}`);
  }

  log(line: string): void {
    this.shared.progress.log(line);
  }

  /** It is whole and proved. */
  done(sha256: string, bytes: number): Moved {
    return this.end({ bytes, sha256, already: false, resumedAt: this.resumedAt });
  }

  /** It was whole before, as both sides have found. */
  already(sha256: string, bytes: number): Moved {
    this.begin(bytes, bytes);
    return this.end({ bytes, sha256, already: true, resumedAt: 0 });
  }

  private end(moved: Moved): Moved {
    const { bytes, ...found } = moved;
    const { name, path, file } = this.subject;
    const facts = { path, file, verified: true, ...found };
    this.bar?.at(bytes);
    if (moved.already) this.bar?.done(`${name}: already there, hash verified`, facts);
    else this.bar?.done(undefined, facts, "hash verified");
    return moved;
  }

  /** What was done so far is kept, whether the user or the network has stopped it. */
  private withPlace(error: unknown): unknown {
    if (this.at === 0) return error;
    const { name } = this.subject;
    const again = this.shared.again ?? "run the same command again";
    const place = `stopped at ${formatPercent(this.at, this.size)}; ${again} to go on`;
    if (error instanceof Stopped) this.log(`${name}: ${place}`);
    return error instanceof Passing ? new Passing(`${error.message}; ${place}`, { cause: error }) : error;
  }
}
