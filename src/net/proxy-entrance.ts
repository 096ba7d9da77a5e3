import type { BunSocket } from "./bun-socket.ts";
import type { SocketConnection } from "./connection.ts";
import { closed } from "./events.ts";
import type { Group } from "./group.ts";
import type { CloseReason } from "./protocol.ts";
import { type Place, ProxiedConnection, type Reception } from "./proxied-connection.ts";
import type { Refusals } from "./refusals.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Where trusted proxies come in. Their connections have a place of the daemon's until it is known whose they are; then
 * bans and limits are those of the real peer, so that a ban or the limit of the proxy's address hits none of them.
 */
export class ProxyEntrance implements Reception {
  readonly leave = (conn: SocketConnection, why: CloseReason) => this.left(conn as ProxiedConnection, why);

  constructor(
    private readonly runtime: Runtime,
    private readonly group: Group,
    private readonly refusals: Refusals,
    /** Gives a connection its session. */
    private readonly open: (conn: SocketConnection) => void,
  ) {}

  accept(socket: BunSocket, host: string): void {
    if (this.runtime.admission.admitUntold()) new ProxiedConnection(this.group, socket, host, this);
    else this.refusals.refuse(socket, host, "busy");
  }

  arrive(conn: ProxiedConnection): void {
    this.runtime.admission.releaseUntold();
    const kind = this.runtime.admit(conn.host, conn.countedHost);
    if (kind === null) {
      conn.place = "admitted";
      this.group.accepted++;
      this.open(conn);
      return;
    }
    const words = this.refusals.begin(conn.host, kind);
    conn.place = words === null ? "none" : "refused";
    if (words === null) conn.kill({ kind });
    else conn.finish(words, { kind });
  }

  private left(conn: ProxiedConnection, why: CloseReason): void {
    this.giveBack[conn.place](conn);
    const { log } = this.runtime;
    if (conn.place === "admitted" || conn.place === "untold") closed(log, this.group.name, conn, why);
  }

  private readonly giveBack: Readonly<Record<Place, (conn: ProxiedConnection) => void>> = {
    untold: () => this.runtime.admission.releaseUntold(),
    admitted: (conn) => this.runtime.admission.release(conn.countedHost),
    refused: () => this.refusals.end(),
    none: () => {},
  };
}
