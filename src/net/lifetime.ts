import type { Group } from "./group.ts";
import type { DeadlineKind } from "./protocol.ts";
import type { Runtime } from "./runtime.ts";
import type { Timed } from "./sweeper.ts";

const NEVER = Number.POSITIVE_INFINITY;

/**
 * How far a connection's life has come, and the deadlines that may end it.
 *
 * This class and those that extend it have 26 fields together. There may be 10,000 connections, and with one more each
 * would need 256 bytes of heap instead of 224.
 */
export abstract class Lifetime implements Timed {
  state: "open" | "finishing" | "closed" = "open";
  /** When a byte last moved in either direction. */
  protected lastActive: number;
  private dueAt = NEVER;
  private idleMs = NEVER;
  private stallMs = NEVER;

  constructor(readonly group: Group) {
    this.lastActive = group.runtime.flusher.turnTime();
  }

  protected get runtime(): Runtime {
    return this.group.runtime;
  }

  /** `state` may change in calls that the compiler cannot see into. */
  protected get closed(): boolean {
    return this.state === "closed";
  }

  deadline(kind: DeadlineKind, ms: number | null): void {
    if (this.state !== "open") return;
    const now = this.runtime.flusher.turnTime();
    if (kind === "handshake") this.dueAt = ms === null ? NEVER : now + ms;
    else if (kind === "idle") this.idleMs = ms ?? NEVER;
    else this.stallMs = ms ?? NEVER;
    // What was silent before the deadline was set does not count.
    if (ms !== null && kind !== "handshake") this.lastActive = now;
    if (ms !== null) this.runtime.sweeper.expect(now + ms);
  }

  checkDeadlines(now: number): number {
    if (this.state === "closed") return NEVER;
    if (now >= this.blockedDue()) this.unmoved();
    else if (now >= this.dueAt) this.expired("handshake");
    else if (now >= this.lastActive + this.stallMs) this.expired("stall");
    else if (now >= this.lastActive + this.idleMs) this.expired("idle");
    return Math.min(this.blockedDue(), this.dueAt, this.lastActive + Math.min(this.idleMs, this.stallMs));
  }

  /** A deadline has passed; afterwards the connection is finishing or closed. */
  protected abstract expired(kind: DeadlineKind): void;
  /** The peer has taken nothing of what is queued for too long. */
  protected abstract unmoved(): void;
  /** When {@link unmoved} is due: Infinity while the socket takes what it is offered. */
  protected abstract blockedDue(): number;

  protected clearDeadlines(): void {
    this.dueAt = this.idleMs = this.stallMs = NEVER;
  }

  /** Whatever happens, the connection ends within `ms`, and when nothing moves for `silentMs`. */
  protected mustEndIn(ms: number, silentMs: number): void {
    const now = this.runtime.flusher.turnTime();
    this.dueAt = now + ms;
    this.idleMs = silentMs;
    this.lastActive = now;
    this.runtime.sweeper.expect(now + Math.min(ms, silentMs));
  }
}
