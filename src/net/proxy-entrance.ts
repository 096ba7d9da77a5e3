import type { BunSocket } from "./bun-socket.ts";
import type { SocketConnection } from "./connection.ts";
import { closed } from "./events.ts";
import type { Group } from "./group.ts";
import type { CloseReason } from "./protocol.ts";
import { type Place, ProxiedConnection, type Reception } from "./proxied-connection.ts";
import type { RefusalKind, Refusals } from "./refusals.ts";
import type { Runtime } from "./runtime.ts";

export interface ProxyEntranceOptions {
  /** TLS from the first byte: there is no header, because Bun would be left without the bytes behind it. */
  readonly tls: boolean;
  /** Requests say whose they are: until the first one nobody knows it, if no header said so. */
  readonly byRequest: boolean;
  /** Gives a connection its session. */
  open(conn: SocketConnection): void;
}

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
    private readonly o: ProxyEntranceOptions,
  ) {}

  accept(socket: BunSocket, host: string): void {
    const { group, o } = this;
    if (!this.runtime.admission.admitUntold()) {
      this.refusals.refuse(socket, host, "busy");
      return;
    }
    const conn = new ProxiedConnection(group, socket, host, this);
    if (o.tls) conn.expectHandshake({ done: () => this.arrive(conn), failed() {} });
    else conn.listen();
  }

  arrive(conn: ProxiedConnection): void {
    const kind = this.o.byRequest && conn.proxied === null ? null : this.take(conn);
    if (kind === null) {
      this.group.accepted++;
      this.o.open(conn);
      return;
    }
    const isTold = this.refusals.begin(conn.host, kind);
    conn.place = isTold ? "refused" : "none";
    if (isTold) this.refusals.tell(conn, kind);
    else conn.kill({ kind });
  }

  move(conn: ProxiedConnection): RefusalKind | null {
    if (conn.state === "closed") return null;
    const kind = this.take(conn);
    if (kind === null) return null;
    this.refusals.note(conn.host, kind);
    // It is there to be told so, and others may be on the way on it.
    this.takeUntold(conn);
    return kind;
  }

  rest(conn: ProxiedConnection): void {
    if (conn.place !== "admitted") return;
    this.giveBack.admitted(conn);
    this.takeUntold(conn);
  }

  /** There is room: it has just given a place back. */
  private takeUntold(conn: ProxiedConnection): void {
    this.runtime.admission.admitUntold();
    conn.place = "untold";
  }

  /** Changes its place for one of its peer's. */
  private take(conn: ProxiedConnection): RefusalKind | null {
    this.giveBack[conn.place](conn);
    conn.place = "none";
    const kind = this.runtime.admit(conn.host, conn.countedHost);
    if (kind !== null) return kind;
    conn.place = "admitted";
    conn.countedAs = conn.countedHost;
    return null;
  }

  private left(conn: ProxiedConnection, why: CloseReason): void {
    const { place } = conn;
    this.giveBack[place](conn);
    if (place === "admitted" || place === "untold") closed(this.runtime.log, this.group.name, conn, why);
  }

  private readonly giveBack: Readonly<Record<Place, (conn: ProxiedConnection) => void>> = {
    untold: () => this.runtime.admission.releaseUntold(),
    admitted: (conn) => this.runtime.admission.release(conn.countedAs),
    refused: () => this.refusals.end(),
    none: () => {},
  };
}
