import type { ProxiedPeer } from "../bytes/proxied-peer.ts";
import { countedHost, plainHost } from "./address.ts";
import type { BunSocket } from "./bun-socket.ts";
import { SocketConnection } from "./connection.ts";
import { forwardedPeer, type HeaderFields } from "./forwarded.ts";
import type { Group } from "./group.ts";
import { Introduction } from "./introduction.ts";
import type { CloseReason, DeadlineKind, PassedOn, Proxied } from "./protocol.ts";
import type { RefusalKind } from "./refusals.ts";

/** What a door does with connections from trusted proxies. */
export interface Reception {
  /** It is known who the peer is: gives the connection a session, or refuses it. */
  arrive(conn: ProxiedConnection): void;
  /** The peer is another one now. Returns why that one may not come in; null when it may. */
  move(conn: ProxiedConnection): RefusalKind | null;
  /** The proxy is passing on nobody's request at the moment. */
  rest(conn: ProxiedConnection): void;
  readonly leave: (conn: SocketConnection, why: CloseReason) => void;
}

/**
 * What a connection counts as, and must give back. `untold`: one of the daemon's, as long as nobody knows whose it is.
 * `admitted`: one of the daemon's and of its peer's address. `refused`: one of those that are being told why they may not
 * come in. `none`: nothing.
 */
export type Place = "untold" | "admitted" | "refused" | "none";

/** A connection from a trusted proxy, which may say whose it is. Its address is the proxy's until then. */
export class ProxiedConnection extends SocketConnection {
  place: Place = "untold";
  /** The address that it was admitted by; it may have changed since. */
  countedAs = "";
  private told: Proxied | null = null;
  /** A request is under way that the proxy passes on for somebody, who is the peer meanwhile. */
  private passing = false;
  private introduction: Introduction | null = null;
  /** Who the peer is between requests, and during those that tell nobody else. */
  private own: { readonly host: string; readonly port: number; readonly told: Proxied | null };

  constructor(
    group: Group,
    socket: BunSocket,
    host: string,
    private readonly reception: Reception,
  ) {
    super(group, socket, host, reception.leave);
    this.own = { host, port: this.port, told: null };
  }

  /** Waits for a header. */
  listen(): void {
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
    this.own = { host: this.host, port: this.port, told: this.told };
    this.reception.arrive(this);
  }

  /** Hands the door's session what came behind the header. */
  first(bytes: Uint8Array): void | Promise<void> {
    if (bytes.length > 0 && this.state === "open") return this.session?.onData(bytes);
  }

  passOn(fields: HeaderFields): PassedOn {
    const { own, runtime } = this;
    // The loopback that a proxy tells of is not the one that may be trusted here.
    const from = countedHost(own.host, own.told !== null);
    const { proxied, host, encrypted, hostHeader } = forwardedPeer(fields, from, runtime.proxies);
    this.passing = proxied;
    this.told = proxied ? { encrypted, byRequest: true } : own.told;
    this.host = proxied ? host : own.host;
    this.port = proxied ? 0 : own.port;
    return { refused: this.reception.move(this), hostHeader };
  }

  passBack(): void {
    if (!this.passing) return;
    this.passing = false;
    ({ told: this.told, host: this.host, port: this.port } = this.own);
    this.reception.rest(this);
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
