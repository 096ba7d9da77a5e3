import { type Clock, systemClock } from "../clock.ts";
import { type Log, silentLog } from "../log.ts";
import { Admission } from "./admission.ts";
import { type BlockedNetwork, Blocklist } from "./blocklist.ts";
import { Budget } from "./budget.ts";
import type { SocketConnection } from "./connection.ts";
import { Flusher } from "./flusher.ts";
import type { Group } from "./group.ts";
import { defaultNetLimits, type NetLimits } from "./limits.ts";
import { Outbox } from "./outbox.ts";
import { ReadTurns } from "./read-turns.ts";
import type { RefusalKind } from "./refusals.ts";
import { Sweeper } from "./sweeper.ts";
import { TrustedProxies } from "./trusted-proxies.ts";

/** What all doors of a daemon share: time, the end of the loop turn, deadlines, budgets and who may come in. */
export class Runtime {
  readonly groups = new Set<Group>();
  readonly admission: Admission;
  /** Who is not let in at any door, and whose datagrams are not answered. */
  readonly blocklist: Blocklist;
  readonly flusher: Flusher;
  readonly readTurns = new ReadTurns();
  readonly sweeper: Sweeper;
  readonly outboxBudget: Budget<SocketConnection>;
  readonly inputBudget: Budget<SocketConnection>;
  /** Refused peers that are being told so at this moment. */
  refusing = 0;
  private lastId = 0;
  private readonly spare: Outbox[] = [];

  constructor(
    readonly clock: Clock,
    readonly log: Log,
    readonly limits: NetLimits,
    /** Proxies that are believed when they tell for whom they speak. */
    readonly proxies: TrustedProxies,
  ) {
    this.admission = new Admission(limits);
    this.blocklist = new Blocklist(clock);
    this.flusher = new Flusher(clock);
    this.sweeper = new Sweeper(clock, () => this.connections());
    this.outboxBudget = new Budget(
      limits.outboxBudget,
      () => this.connections(),
      (conn) => conn.pending,
      (conn) => conn.kill({ kind: "slow", pending: conn.pending }),
    );
    this.inputBudget = new Budget(
      limits.inputBudget,
      () => this.connections(),
      (conn) => conn.measureInput(),
      (conn) => conn.giveUpInput(),
    );
  }

  /** Every connection of every door. */
  *connections(): Generator<SocketConnection> {
    for (const group of this.groups) yield* group.connections;
  }

  /**
   * Takes a place for a peer, if its address is not banned and the limits allow it; null: it has one. Otherwise returns why
   * it has none. `counted` is the address that the limits count it by, mostly `host` itself.
   */
  admit(host: string, counted: string): RefusalKind | null {
    if (this.blocklist.refuses(host)) return "banned";
    return this.admission.admit(counted) ? null : "busy";
  }

  /** Keeps out these networks and no others from now on, and ends the connections that are there from them. */
  block(networks: readonly BlockedNetwork[]): void {
    this.blocklist.replace(networks);
    if (this.blocklist.empty) return;
    // Who is leaving already may read why.
    const open = [...this.connections()].filter(({ state }) => state === "open");
    for (const conn of open) if (this.blocklist.refuses(conn.host)) conn.ban();
  }

  nextId(): number {
    return ++this.lastId;
  }

  /** An outbox for a connection that has something to send; they are used again, because every answer needs one. */
  takeOutbox(): Outbox {
    return this.spare.pop() ?? new Outbox();
  }

  /** Takes back an empty outbox. */
  giveOutbox(outbox: Outbox): void {
    if (this.spare.length < 1024) this.spare.push(outbox);
  }
}

export interface RuntimeOptions {
  readonly clock?: Clock;
  readonly log?: Log;
  readonly limits?: Partial<NetLimits>;
  readonly proxies?: TrustedProxies;
}

/** @param o what differs from the system's clock, a silent log, the default limits and no trusted proxies */
export function createRuntime(o: RuntimeOptions = {}): Runtime {
  const limits = { ...defaultNetLimits, ...o.limits };
  return new Runtime(o.clock ?? systemClock, o.log ?? silentLog, limits, o.proxies ?? new TrustedProxies());
}
