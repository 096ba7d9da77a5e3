import type { SocketConnection } from "./connection.ts";
import type { DoorStats } from "./door.ts";
import type { CloseReason } from "./protocol.ts";
import type { Runtime } from "./runtime.ts";

/** The connections of one door, and what it counts. */
export class Group {
  readonly connections = new Set<SocketConnection>();
  /** How many of the connections a session has opened beside its own, as FTP does for every transfer. */
  dataConnections = 0;
  accepted = 0;
  refused = 0;
  bytesIn = 0;
  bytesOut = 0;
  /** The door drains: what a refused peer still sends is no longer read for half a minute (`hearsOut`). */
  draining = false;
  /** Called when the last connection has gone. */
  onEmpty: (() => void) | null = null;
  private readonly closed: Record<string, number> = {};

  constructor(
    readonly runtime: Runtime,
    readonly name: string,
    /** Idle deadline that every connection begins with; null for none. */
    readonly idleMs: number | null = null,
  ) {}

  /** One of them has gone for good. */
  count(why: CloseReason): void {
    this.closed[why.kind] = (this.closed[why.kind] ?? 0) + 1;
    if (this.connections.size === 0) this.onEmpty?.();
  }

  stats(): DoorStats {
    const { accepted, refused, bytesIn, bytesOut } = this;
    let waiting = 0;
    for (const conn of this.connections) if (conn.waiting) waiting++;
    return { open: this.connections.size, waiting, accepted, refused, bytesIn, bytesOut, closed: { ...this.closed } };
  }
}
