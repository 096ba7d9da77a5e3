import { hasUnacknowledged } from "../libc.ts";
import { codeOf, errorOf } from "../thrown.ts";
import { type Address, plainHost, socketAddress } from "./address.ts";
import type { BunSocket, SocketEvents } from "./bun-socket.ts";
import type { Group } from "./group.ts";
import type { CloseReason, Connection, DeadlineKind, Proxied, Session, Who } from "./protocol.ts";
import { Receiver } from "./receiver.ts";
import { type TlsContext, type TlsInfo, tlsInfo, upgradeToTls } from "./tls.ts";
import type { TlsRecords } from "./tls-records.ts";

/** A TLS handshake that is running, or waits (with its context) until all plain text has left. */
interface Handshake {
  readonly context?: TlsContext;
  readonly records?: TlsRecords;
  done(info: TlsInfo): void;
  failed(error: Error): void;
}

/**
 * The only code that touches a socket.
 *
 * 1. It writes once a loop turn (`Sender`); it reads no faster than the session handles (`Receiver`).
 * 2. It dies once, with the first reason.
 * 3. The session is told at the end of a turn, never in the middle of the call that caused the end: that may be a room's
 *    loop over its members.
 */
export class SocketConnection extends Receiver implements Connection, SocketEvents {
  readonly id: number;
  tls: TlsInfo | null = null;
  protected port: number;
  private why: CloseReason | null = null;
  private handshake: Handshake | null = null;

  constructor(
    group: Group,
    socket: BunSocket,
    /**
     * The peer's address as text; "" on a Unix socket. Kept, because a closed socket has forgotten it. A proxy may tell
     * another before the session begins.
     */
    public host: string,
    /** Told at the very end: gives back what was taken for this connection, and logs. One for all of a door. */
    private readonly leave: (conn: SocketConnection, why: CloseReason) => void,
  ) {
    super(group, socket);
    this.id = group.runtime.nextId();
    this.port = socket.remotePort ?? 0;
    socket.data = this;
    group.connections.add(this);
    if (group.idleMs !== null) this.deadline("idle", group.idleMs);
  }

  get remote(): Address {
    return socketAddress(this.host, this.port);
  }

  get proxied(): Proxied | null {
    return null;
  }

  /** The address that limits count it by. */
  get countedHost(): string {
    return this.host;
  }

  get local(): Address {
    return socketAddress(plainHost(this.socket.localAddress ?? ""), this.socket.localPort ?? 0);
  }

  /** Whether a drain shall wait for it until the deadline: a transfer runs. */
  get working(): boolean {
    return this.session?.working === true || this.hasFiles;
  }

  get who(): Who | null {
    return this.session?.who ?? null;
  }

  override attach(session: Session): void {
    super.attach(session);
    // The peer of an arrival may have gone before anybody wanted it.
    if (this.state === "closed") this.queue();
  }

  startTls(context: TlsContext): Promise<TlsInfo> {
    if (this.state !== "open") return Promise.reject(new Error("the connection closed before TLS could start"));
    return new Promise((done, failed) => {
      this.expectHandshake({ context, done, failed });
      // At once where nothing is queued: the peer's first record may be in the very next event.
      if (this.isEmpty) this.sent();
    });
  }

  /** A TLS handshake begins; it must be complete within the limit for messages. */
  expectHandshake(handshake: Handshake): void {
    this.handshake = handshake;
    this.deadline("handshake", this.runtime.limits.messageMs);
  }

  finish(lastWords?: Uint8Array, why?: CloseReason): void {
    if (this.state !== "open") return;
    if (lastWords) this.send(lastWords);
    this.why ??= why ?? { kind: this.peerEnded ? "peer" : "local" };
    // The send may have found the peer too slow and killed the connection.
    if (this.closed) return;
    this.state = "finishing";
    this.clearDeadlines();
    this.queue();
  }

  kill(why: CloseReason, lastWords?: Uint8Array): void {
    if (this.state === "closed") return;
    this.why ??= why;
    if (lastWords && this.state === "open" && !this.blocked) {
      this.dropOutput();
      this.finish(lastWords);
      return;
    }
    this.state = "closed";
    this.dropOutput();
    // The kernel may hold megabytes for a slow peer when all has been sent; a reset would throw them away. Without any,
    // a reset is what makes a netcat end that still waits for its user's next line.
    if (this.lingering && hasUnacknowledged(this.socket.fd)) this.socket.end();
    else this.socket.terminate();
    this.queue();
  }

  /** Ends for a reason that the session did not choose, with its last words in the protocol's own language. */
  end(why: CloseReason): void {
    this.finish(this.farewell(why), why);
  }

  /** The operator ends it. */
  kick(detail: string): void {
    this.expel({ kind: "kicked", detail });
  }

  /** Its account is gone, or was changed meanwhile. */
  endLogin(): void {
    this.expel({ kind: "login-ended" });
  }

  /** Its address is kept out from now on. */
  ban(): void {
    this.expel({ kind: "banned" });
  }

  /** The daemon drains: the session says its last words and finishes. */
  shutdown(): void {
    if (this.state !== "open") return;
    try {
      if (this.session?.onShutdown) this.session.onShutdown();
      else this.end({ kind: "shutdown" });
    } catch (error) {
      this.fail(error);
    }
    this.deaf = this.session?.working !== true;
  }

  onRoom(): void {
    this.unblock();
    if (this.state === "finishing") this.queue();
  }

  onClosed(): void {
    this.state = "closed";
    this.queue();
  }

  onFault(error: Error): void {
    this.fail(error);
  }

  onHandshake(failure: Error | null): void {
    const { handshake } = this;
    if (handshake === null) return;
    this.handshake = null;
    this.deadline("handshake", null);
    if (failure === null) {
      this.tls = tlsInfo(this.socket, handshake.records ?? null);
      handshake.done(this.tls);
      return;
    }
    this.kill(handshakeFailure(failure));
    handshake.failed(failure);
  }

  endTurn(): void {
    this.unqueue();
    this.flush();
    try {
      if (this.isEmpty) this.sent();
    } catch (error) {
      // Whoever else queued in this turn still has his end of it.
      this.fail(error);
    }
    if (this.closed) this.bury();
  }

  /** Everything that was queued has left. */
  private sent(): void {
    if (this.state === "finishing") this.endSending();
    const { handshake } = this;
    if (this.state !== "open" || !handshake?.context) return;
    const { context, done, failed } = handshake;
    if (this.hasBacklog) {
      const detail = "plain text came behind the request for TLS";
      this.kill({ kind: "violation", detail });
      failed(new Error(detail));
      return;
    }
    const { socket, records } = upgradeToTls(this.socket, context, this);
    this.socket = socket;
    this.handshake = { records, done, failed };
  }

  /** The sending side is shut down, and what the peer still sends is read and discarded, so that it gets no RST. */
  private endSending(): void {
    if (this.peerEnded) {
      this.socket.end();
      return;
    }
    if (this.lingering) return;
    const { lingerMs, hearsOutMs } = this.runtime.limits;
    this.mustEndIn(this.hearsOut && !this.group.draining ? hearsOutMs : lingerMs, lingerMs);
    this.socket.shutdown();
    this.linger();
  }

  /** Whom the session itself has refused, and not who was put out or was too slow. */
  protected override get hearsOut(): boolean {
    return this.why?.kind === "local" && this.session?.hearsOut === true;
  }

  protected override expired(kind: DeadlineKind): void {
    if (this.state === "finishing") this.close();
    else if (this.handshake !== null) this.kill({ kind: "stall" });
    else this.end({ kind: kind === "idle" ? "idle" : "stall" });
  }

  protected override close(): void {
    this.kill(this.why ?? { kind: "local" });
  }

  protected override fail(error: unknown): void {
    this.expel({ kind: "error", error: errorOf(error) });
  }

  /**
   * Ends at once, whatever is queued. The session's last words are tried, but not where a file is on its way: what is missing
   * of it was promised, and the peer would take them for that.
   */
  private expel(why: CloseReason): void {
    this.kill(why, this.hasFiles ? undefined : this.farewell(why));
  }

  private farewell(why: CloseReason): Uint8Array | undefined {
    try {
      return this.session?.farewell?.(why);
    } catch {
      return undefined;
    }
  }

  /** The last act: nothing of this connection is left anywhere, and the session hears why. */
  private bury(): void {
    const why: CloseReason = this.why ?? { kind: "peer" };
    this.why = why;
    if (this.group.connections.delete(this)) {
      this.dropOutput();
      this.handshake?.failed(new Error("the connection closed during the TLS handshake"));
      this.dropInput();
      this.leave(this, why);
      this.group.count(why);
    }
    const { session } = this;
    this.session = null;
    try {
      session?.onClose?.(why);
    } catch (error) {
      this.runtime.log.error("close-failed", { door: this.group.name, id: this.id, error: String(error) });
    }
  }
}

/** Who leaves in the middle is one who left; else the last part of OpenSSL's words ("error:...:HTTP_REQUEST") says what came. */
function handshakeFailure(error: Error): CloseReason {
  if (codeOf(error) === "ECONNRESET") return { kind: "peer" };
  return { kind: "violation", detail: `the TLS handshake failed: ${error.message.split(":").at(-1)}` };
}
