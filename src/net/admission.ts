import { addressKey, isLoopback } from "./address.ts";

export interface AdmissionLimits {
  /** Connections of the whole daemon, data connections included. */
  readonly maxConnections: number;
  /** Connections of one address (IPv6: of one /64). Null: 256, and the loopback is exempt. */
  readonly maxPerAddress: number | null;
}

const DEFAULT_PER_ADDRESS = 256;
/** Descriptors of open files that an address may have, for each connection that it may: an upload needs two. */
export const FILES_A_CONNECTION = 2;

/**
 * Who may come in: connections are refused by count, because Bun spins at full load when `accept` finds the descriptor
 * table full, and accepting cannot be paused. One for the whole daemon, so that no door is a way around another's limit.
 */
export class Admission {
  private readonly byAddress = new Map<string, number>();
  private readonly filesByAddress = new Map<string, number>();
  private open = 0;
  private openFiles = 0;

  constructor(private readonly limits: AdmissionLimits) {}

  /** Places that are taken, by connections and by files. */
  get count(): number {
    return this.open;
  }

  /** Those taken by files. */
  get files(): number {
    return this.openFiles;
  }

  /** Takes a place for a peer; false when the daemon or the peer's address has no more. */
  admit(host: string): boolean {
    return this.takeOf(this.byAddress, host, 1, this.perAddress);
  }

  /** Gives the place back; exactly once for every `admit` that was granted. */
  release(host: string): void {
    this.giveOf(this.byAddress, host, 1);
  }

  /**
   * Takes a place for a proxy's connection as long as nobody knows whose it is: it counts for the daemon alone and for no
   * address. False when the daemon has no more.
   */
  admitUntold(): boolean {
    if (this.open >= this.limits.maxConnections) return false;
    this.open++;
    return true;
  }

  /** Gives that place back; exactly once for every `admitUntold` that was granted. */
  releaseUntold(): void {
    this.open--;
  }

  /**
   * Takes places for the files that a peer has open: the system counts their descriptors together with those of connections.
   * False: there are not as many, or the peer's address would have more than its share and could keep everybody else out.
   */
  take(count: number, host: string): boolean {
    const taken = this.takeOf(this.filesByAddress, host, count, FILES_A_CONNECTION * this.perAddress);
    if (taken) this.openFiles += count;
    return taken;
  }

  /** Gives places of files back; together as many as `take` has granted. */
  give(count: number, host: string): void {
    this.openFiles -= count;
    this.giveOf(this.filesByAddress, host, count);
  }

  private get perAddress(): number {
    return this.limits.maxPerAddress ?? DEFAULT_PER_ADDRESS;
  }

  private takeOf(taken: Map<string, number>, host: string, count: number, most: number): boolean {
    if (this.open + count > this.limits.maxConnections) return false;
    if (this.counted(host)) {
      const key = addressKey(host);
      const now = taken.get(key) ?? 0;
      if (now + count > most) return false;
      taken.set(key, now + count);
    }
    this.open += count;
    return true;
  }

  private giveOf(taken: Map<string, number>, host: string, count: number): void {
    this.open -= count;
    if (!this.counted(host)) return;
    const key = addressKey(host);
    const left = (taken.get(key) ?? count) - count;
    if (left > 0) taken.set(key, left);
    else taken.delete(key);
  }

  private counted(host: string): boolean {
    return this.limits.maxPerAddress !== null || !(host === "" || isLoopback(host));
  }
}
