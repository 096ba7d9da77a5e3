import type { Clock } from "../clock.ts";

/** What a transfer is, told when it begins. */
export interface TransferSpec {
  /** The door that it goes through: `ftp`, `framed`. */
  readonly door: string;
  /** The account; null for who did not log in. */
  readonly account: string | null;
  /** The peer's address as text. */
  readonly host: string;
  readonly direction: "get" | "put";
  /** The path in the share, whatever home its visitor has. */
  readonly path: string;
  /** Where in the file it begins. */
  readonly offset: number;
  /** Bytes that it will move when it is whole; null when nobody knows (a pipe). */
  readonly length: number | null;
}

/**
 * `done`: all of it arrived. `broken`: the peer went away or stopped it; an upload's bytes may be kept. `failed`:
 * refused or lost.
 */
export type TransferOutcome = "done" | "broken" | "failed";

/** Rates are over about so many milliseconds. */
const RATE_OVER_MS = 3_000;

/** A transfer that runs, or has run. */
export class Transfer {
  /** Bytes moved so far, from {@link TransferSpec.offset} on. */
  bytes = 0;
  /** Null while it runs. */
  outcome: TransferOutcome | null = null;
  /** Why it did not get done, as a sentence. */
  detail: string | null = null;
  readonly startedAt: number;
  private readonly startedMono: number;
  private endedMono: number | null = null;
  private markAt: number;
  private markBytes = 0;
  private recent = 0;

  constructor(
    readonly id: number,
    readonly spec: TransferSpec,
    private readonly clock: Clock,
    private readonly ended: (transfer: Transfer) => void,
  ) {
    this.startedAt = clock.now();
    this.startedMono = this.markAt = clock.mono();
  }

  /** So many bytes more have moved. */
  move(bytes: number): void {
    this.bytes += bytes;
  }

  /** The first outcome counts. */
  end(outcome: TransferOutcome, detail: string | null = null): void {
    if (this.outcome !== null) return;
    this.outcome = outcome;
    this.detail = detail;
    this.endedMono = this.clock.mono();
    this.ended(this);
  }

  /** Milliseconds since it began, or from its beginning to its end. */
  get elapsed(): number {
    return (this.endedMono ?? this.clock.mono()) - this.startedMono;
  }

  /** Bytes a second: of the last seconds while it runs, of the whole once it has ended. */
  get rate(): number {
    if (this.endedMono !== null) return this.bytes / Math.max(0.001, this.elapsed / 1000);
    const since = this.clock.mono() - this.markAt;
    const latest = (this.bytes - this.markBytes) / Math.max(0.001, since / 1000);
    if (since < RATE_OVER_MS) return this.recent > 0 ? this.recent : latest;
    this.recent = latest;
    this.markAt = this.clock.mono();
    this.markBytes = this.bytes;
    return latest;
  }

  /** Seconds until it is done at the present rate; null when that cannot be told. */
  get eta(): number | null {
    const { length } = this.spec;
    const { rate } = this;
    return length === null || rate <= 0 ? null : Math.max(0, length - this.bytes) / rate;
  }
}

/** Every transfer that runs, through whatever door: one registry for the terminal, `status` and the log. */
export class Transfers {
  private readonly all = new Set<Transfer>();
  private readonly listeners = new Set<(transfer: Transfer) => void>();
  private readonly beginners = new Set<() => void>();
  private lastId = 0;

  constructor(private readonly clock: Clock) {}

  /** Those that run now, oldest first. */
  get running(): Iterable<Transfer> {
    return this.all;
  }

  get count(): number {
    return this.all.size;
  }

  begin(spec: TransferSpec): Transfer {
    const transfer = new Transfer(++this.lastId, spec, this.clock, (ended) => this.ended(ended));
    this.all.add(transfer);
    for (const listener of this.beginners) listener();
    return transfer;
  }

  /** Stands in for a transfer where a client only looks at a file before it goes on. It moves nothing, and nobody is told of it. */
  look(spec: TransferSpec): Transfer {
    return new Transfer(0, spec, this.clock, () => {});
  }

  /** `listener` is told whenever one begins; it must not throw. The function that is returned forgets it. */
  onBegin(listener: () => void): () => void {
    this.beginners.add(listener);
    return () => void this.beginners.delete(listener);
  }

  /** `listener` is told of every transfer that ends, once; it must not throw. The function that is returned forgets it. */
  onEnd(listener: (transfer: Transfer) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private ended(transfer: Transfer): void {
    this.all.delete(transfer);
    for (const listener of this.listeners) listener(transfer);
  }
}
