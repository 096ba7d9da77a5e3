import type { Clock } from "../clock.ts";
import type { Peer } from "./member.ts";

/** A command that waits for its turn. */
export interface Waiter {
  /** Whose it is: all that wait of one owner are dropped together. */
  readonly owner: object;
  readonly cost: number;
  /** Its turn has come. Must not throw. */
  go(): void;
  /** Its owner went away before. Must not throw. */
  drop(): void;
}

interface Line {
  waiters: Waiter[];
  cancel: () => void;
}

/** So that sums of fractions of a millisecond never make the last command of a burst wait. */
const SLACK_MS = 0.01;

/**
 * A token bucket for each peer: `burst` commands at once, then `rate` a second; what comes faster waits in line and is
 * never dropped. A bucket is one number, the moment at which it will be full again (GCRA: ITU-T I.371, annex A), and full
 * buckets are swept away, so that peers who came and went cost nothing.
 */
export class Flood {
  private readonly clock: Clock;
  private readonly refillMs: number;
  private readonly depthMs: number;
  private readonly fullAt = new Map<Peer, number>();
  private readonly lines = new Map<Peer, Line>();
  private sweeping = false;

  /** @param rate commands a second, above 0 @param burst commands at once, at least 1 */
  constructor(clock: Clock, rate: number, burst: number) {
    this.clock = clock;
    this.refillMs = 1_000 / rate;
    this.depthMs = burst * this.refillMs;
  }

  /** How many buckets are not full, and how many commands wait. */
  get load(): { readonly peers: number; readonly waiting: number } {
    let waiting = 0;
    for (const line of this.lines.values()) waiting += line.waiters.length;
    return { peers: this.fullAt.size, waiting };
  }

  /**
   * Whether a command may be carried out now, and if so takes its cost. False: it has to `wait`. What costs nothing waits
   * only behind other commands of its owner, whose order must not change.
   */
  admit(peer: Peer, owner: object, cost: number): boolean {
    const line = this.lines.get(peer);
    if (line !== undefined) return cost === 0 && !line.waiters.some((waiter) => waiter.owner === owner);
    if (cost === 0) return true;
    const now = this.clock.mono();
    if (this.delay(peer, cost, now) > 0) return false;
    this.take(peer, cost, now);
    return true;
  }

  /** How many commands of a peer wait. */
  waitingOf(peer: Peer): number {
    return this.lines.get(peer)?.waiters.length ?? 0;
  }

  /** Takes a cost without delay, down to an empty bucket and no further: for those who come in. */
  charge(peer: Peer, cost: number): void {
    const now = this.clock.mono();
    this.take(peer, cost, now);
    this.fullAt.set(peer, Math.min(this.fullAt.get(peer) ?? now, now + this.depthMs));
  }

  /** Puts a command that was not admitted at the end of its peer's line. */
  wait(peer: Peer, waiter: Waiter): void {
    const line = this.lines.get(peer);
    if (line !== undefined) {
      line.waiters.push(waiter);
      return;
    }
    const delay = this.delay(peer, waiter.cost, this.clock.mono());
    this.lines.set(peer, { waiters: [waiter], cancel: this.arm(peer, delay) });
  }

  /** Drops all that waits of an owner who went away. */
  drop(peer: Peer, owner: object): void {
    const line = this.lines.get(peer);
    if (line === undefined) return;
    const dropped = line.waiters.filter((waiter) => waiter.owner === owner);
    line.waiters = line.waiters.filter((waiter) => waiter.owner !== owner);
    if (line.waiters.length === 0) {
      line.cancel();
      this.lines.delete(peer);
    }
    for (const waiter of dropped) waiter.drop();
  }

  /** Milliseconds until the bucket holds the cost; 0 or less when it does. */
  private delay(peer: Peer, cost: number, now: number): number {
    const fullAt = Math.max(this.fullAt.get(peer) ?? now, now) + cost * this.refillMs;
    const delay = fullAt - now - this.depthMs;
    return delay > SLACK_MS ? delay : 0;
  }

  private take(peer: Peer, cost: number, now: number): void {
    this.fullAt.set(peer, Math.max(this.fullAt.get(peer) ?? now, now) + cost * this.refillMs);
    this.sweepLater();
  }

  private arm(peer: Peer, delay: number): () => void {
    return this.clock.after(Math.ceil(delay), () => this.advance(peer));
  }

  private advance(peer: Peer): void {
    for (let line = this.lines.get(peer); line !== undefined; line = this.lines.get(peer)) {
      const [next] = line.waiters;
      if (next === undefined) {
        this.lines.delete(peer);
        return;
      }
      const now = this.clock.mono();
      const delay = this.delay(peer, next.cost, now);
      if (delay > 0) {
        line.cancel = this.arm(peer, delay);
        return;
      }
      line.waiters.shift();
      this.take(peer, next.cost, now);
      next.go();
    }
  }

  private sweepLater(): void {
    if (this.sweeping) return;
    this.sweeping = true;
    this.clock.after(Math.ceil(this.depthMs), () => this.sweep());
  }

  private sweep(): void {
    this.sweeping = false;
    const now = this.clock.mono();
    for (const [peer, fullAt] of this.fullAt) if (fullAt <= now) this.fullAt.delete(peer);
    if (this.fullAt.size > 0) this.sweepLater();
  }
}
