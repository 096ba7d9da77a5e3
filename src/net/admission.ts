import { addressKey, isLoopback } from "./address.ts";

export interface AdmissionLimits {
  /** Connections of the whole daemon, data connections included. */
  readonly maxConnections: number;
  /** Connections of one address (IPv6: of one /64). Null: 256, and the loopback is exempt. */
  readonly maxPerAddress: number | null;
}

const DEFAULT_PER_ADDRESS = 256;

/**
 * Who may come in: connections are refused by count, because Bun spins at full load when `accept` finds the descriptor
 * table full, and accepting cannot be paused. One for the whole daemon, so that no door is a way around another's limit.
 */
export class Admission {
  private readonly byAddress = new Map<string, number>();
  private open = 0;

  constructor(private readonly limits: AdmissionLimits) {}

  /** Connections admitted and not yet released. */
  get count(): number {
    return this.open;
  }

  /** Takes a place for a peer; false when the daemon or the peer's address has no more. */
  admit(host: string): boolean {
    if (this.open >= this.limits.maxConnections) return false;
    if (this.counted(host)) {
      const key = addressKey(host);
      const now = this.byAddress.get(key) ?? 0;
      if (now >= (this.limits.maxPerAddress ?? DEFAULT_PER_ADDRESS)) return false;
      this.byAddress.set(key, now + 1);
    }
    this.open++;
    return true;
  }

  /** Gives the place back; exactly once for every `admit` that was granted. */
  release(host: string): void {
    this.open--;
    if (!this.counted(host)) return;
    const key = addressKey(host);
    const left = (this.byAddress.get(key) ?? 1) - 1;
    if (left > 0) this.byAddress.set(key, left);
    else this.byAddress.delete(key);
  }

  /** Takes places for descriptors that are no connections (open files): the table is one. False: there are not as many. */
  take(count: number): boolean {
    if (this.open + count > this.limits.maxConnections) return false;
    this.open += count;
    return true;
  }

  /** Gives them back. */
  give(count: number): void {
    this.open -= count;
  }

  private counted(host: string): boolean {
    return this.limits.maxPerAddress !== null || !(host === "" || isLoopback(host));
  }
}
