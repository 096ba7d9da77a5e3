import type { Clock } from "../clock.ts";

/** A failure is held against an address for so long. */
const WINDOW_MS = 3_600_000;
/** The answer to the first failure waits so long, to each further one twice as long, but never longer than the last. */
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;

interface Failure {
  readonly at: number;
  /** The account that was tried; null: there is none of that name, and what a peer made up is not kept. */
  readonly key: string | null;
}

/** Who failed to log in, by address. The table has a fixed size: who failed last stays. */
export class FailedLogins {
  /** In the order of the last failure. */
  private readonly byAddress = new Map<string, readonly Failure[]>();

  constructor(
    private readonly clock: Clock,
    private readonly mostAddresses = 4_096,
  ) {}

  get addresses(): number {
    return this.byAddress.size;
  }

  /** One more failure of an address, for the account of this key; how many that makes in the last hour. */
  add(address: string, key: string | null): number {
    const failures = [...this.recent(address), { at: this.clock.mono(), key }];
    this.byAddress.delete(address);
    this.byAddress.set(address, failures);
    for (const [oldest] of this.byAddress) {
      if (this.byAddress.size <= this.mostAddresses) break;
      this.byAddress.delete(oldest);
    }
    return failures.length;
  }

  /** Whoever got into an account in the end had mistyped; what the address tried with other accounts stays. */
  forgive(address: string, key: string): void {
    const left = this.recent(address).filter((failure) => failure.key !== key);
    if (left.length > 0) this.byAddress.set(address, left);
    else this.byAddress.delete(address);
  }

  forget(address: string): void {
    this.byAddress.delete(address);
  }

  /** How long the answer to the latest of so many failures waits, in milliseconds. */
  static delayMs(failures: number): number {
    return Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS);
  }

  private recent(address: string): readonly Failure[] {
    const since = this.clock.mono() - WINDOW_MS;
    return (this.byAddress.get(address) ?? []).filter(({ at }) => at > since);
  }
}
