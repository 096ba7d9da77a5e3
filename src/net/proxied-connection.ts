import type { ProxiedPeer } from "../bytes/proxied-peer.ts";
import { countedHost, plainHost } from "./address.ts";
import type { BunSocket } from "./bun-socket.ts";
import { SocketConnection } from "./connection.ts";
import type { Group } from "./group.ts";
import { Introduction } from "./introduction.ts";
import type { CloseReason, DeadlineKind, Proxied } from "./protocol.ts";

/** What a door does with connections from trusted proxies. */
export interface Reception {
  /** It is known whose it is: gives it a session, or refuses it. */
  arrive(conn: ProxiedConnection): void;
  readonly leave: (conn: SocketConnection, why: CloseReason) => void;
}

/** Which place a connection has taken: one of the daemon alone, one of its address too, one among the refused. */
export type Place = "untold" | "admitted" | "refused" | "none";

/** A connection from a trusted proxy, which may say whose it is. Its address is the proxy's until then. */
export class ProxiedConnection extends SocketConnection {
  place: Place = "untold";
  private told: Proxied | null = null;
  private introduction: Introduction | null;

  constructor(
    group: Group,
    socket: BunSocket,
    host: string,
    private readonly reception: Reception,
  ) {
    super(group, socket, host, reception.leave);
    this.introduction = new Introduction(this, this.runtime.limits.messageMs);
    this.attach(this.introduction);
  }

  override get proxied(): Proxied | null {
    return this.told;
  }

  override get countedHost(): string {
    return countedHost(this.host, this.told !== null);
  }

  /** It is known who the peer is (null: whoever has connected): the door takes it over. */
  introduce(peer: ProxiedPeer | null): void {
    this.introduction = null;
    this.deadline("handshake", null);
    if (peer !== null) this.told = { encrypted: peer.encrypted };
    if (peer?.source) {
      this.host = plainHost(peer.source.host);
      this.port = peer.source.port;
    }
    this.reception.arrive(this);
  }

  /** Hands the door's session what came behind the header. */
  first(bytes: Uint8Array): void | Promise<void> {
    if (bytes.length > 0 && this.state === "open") return this.session?.onData(bytes);
  }

  override onPeerEnd(): void {
    this.withoutHeader();
    super.onPeerEnd();
  }

  protected override expired(kind: DeadlineKind): void {
    if (kind === "handshake" && this.introduction?.begun === false) this.withoutHeader();
    else super.expired(kind);
  }

  /** The peer is silent, or has ended: it is a direct client, if what it said is no part of a header. */
  private withoutHeader(): void {
    if (this.introduction === null || this.state !== "open") return;
    const first = this.introduction.giveUp();
    if (first === null) return;
    this.introduce(null);
    if (first.length > 0 && this.state === "open") this.handle(first);
  }
}
