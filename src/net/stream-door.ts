import { peerHost } from "./address.ts";
import { type BunListener, type BunSocket, drop } from "./bun-socket.ts";
import { SocketConnection } from "./connection.ts";
import { DataNet } from "./data-net.ts";
import type { Door, DoorStats, Listener } from "./door.ts";
import { closed } from "./events.ts";
import { Group } from "./group.ts";
import { ListenError, type ListenSpec, listen, removeStaleSocket } from "./listen.ts";
import type { CloseReason, Net, Protocol } from "./protocol.ts";
import { ProxyEntrance } from "./proxy-entrance.ts";
import { Refusals } from "./refusals.ts";
import type { Runtime } from "./runtime.ts";
import type { TlsContext } from "./tls.ts";

/** Connections that hold no transfer are ended after this much of a drain. */
const LAST_WORDS_MS = 2_000;
/** How often a port that was free on one address is looked for on the others, with `--base-port 0`. */
const TRIES = 8;

export interface StreamDoorOptions {
  readonly name: string;
  readonly protocol: Protocol;
  readonly listen: readonly ListenSpec[];
  /** TLS from the first byte. */
  readonly tls?: TlsContext;
  /** Idle deadline of every connection; null for none. */
  readonly idleMs?: number | null;
  /** Find dead peers within three minutes: for connections that may be idle for good. */
  readonly keepAlive?: boolean;
  /** Requests may say whose they are (`Connection.passOn`), so that a trusted proxy's connections are nobody's before. */
  readonly byRequest?: boolean;
}

/** A door over TCP or Unix sockets: accepts, admits or refuses, and gives every peer a session of its protocol. */
export class StreamDoor implements Door {
  readonly name: string;
  private readonly group: Group;
  private readonly net: Net;
  private opened: { spec: ListenSpec; listener: BunListener }[] = [];
  private readonly refusals: Refusals;
  private readonly proxyEntrance: ProxyEntrance;
  private readonly leave = (conn: SocketConnection, why: CloseReason) => this.left(conn, why);

  constructor(
    private readonly runtime: Runtime,
    private readonly o: StreamDoorOptions,
  ) {
    this.name = o.name;
    this.group = new Group(runtime, o.name, o.idleMs ?? null);
    this.net = new DataNet(runtime, this.group);
    this.refusals = new Refusals(runtime, this.group, o.tls ? {} : o.protocol);
    const entrance = { tls: o.tls !== undefined, byRequest: o.byRequest === true };
    const open = (conn: SocketConnection) => this.open(conn);
    this.proxyEntrance = new ProxyEntrance(runtime, this.group, this.refusals, { ...entrance, open });
  }

  get listeners(): readonly Listener[] {
    const transport = this.o.tls ? "tls" : "tcp";
    return this.opened.map(({ spec, listener }) =>
      "unix" in spec
        ? { transport: "unix", host: spec.unix, port: 0 }
        : { transport, host: spec.host, port: listener.port },
    );
  }

  async start(): Promise<void> {
    for (const spec of this.o.listen) if ("unix" in spec) await removeStaleSocket(spec.unix);
    for (let tries = 1; ; tries++) {
      try {
        this.openAll();
        break;
      } catch (error) {
        this.suspend();
        const mayRetry = error instanceof ListenError && error.code === "in-use" && this.anyPort && tries < TRIES;
        if (!mayRetry) throw error;
      }
    }
    this.runtime.groups.add(this.group);
  }

  suspend(): void {
    for (const { listener } of this.opened) listener.stop(false);
    this.opened = [];
  }

  async drain(deadline: number): Promise<{ killed: number }> {
    const { clock } = this.runtime;
    const { connections } = this.group;
    this.group.draining = true;
    for (const conn of [...connections]) conn.shutdown();
    let killed = 0;
    const killIf = (which: (conn: SocketConnection) => boolean) => {
      for (const conn of [...connections].filter(which)) {
        conn.kill({ kind: "shutdown" });
        killed++;
      }
    };
    const left = () => Math.max(0, deadline - clock.mono());
    await this.emptyWithin(Math.min(LAST_WORDS_MS, left()));
    killIf((conn) => !conn.working);
    await this.emptyWithin(left());
    killIf(() => true);
    await this.emptyWithin(LAST_WORDS_MS);
    this.runtime.groups.delete(this.group);
    return { killed };
  }

  stats(): DoorStats {
    return this.group.stats();
  }

  private get anyPort(): boolean {
    return this.o.listen.some((spec) => "port" in spec && spec.port === 0);
  }

  /** Where any port will do, all addresses get the same one, so that one number is announced. */
  private openAll(): void {
    let chosen = 0;
    for (const spec of this.o.listen) {
      const actual = "port" in spec && spec.port === 0 ? { ...spec, port: chosen } : spec;
      const { tls, keepAlive } = this.o;
      const listener = listen(actual, { tls, keepAlive, open: (socket) => this.accept(socket, "unix" in spec) });
      if ("port" in spec && spec.port === 0) chosen = listener.port;
      this.opened.push({ spec, listener });
    }
  }

  private accept(socket: BunSocket, isUnix: boolean): void {
    const { runtime, o } = this;
    const host = peerHost(socket);
    // Who has reset the connection already has no address, and would pass for a peer on a Unix socket.
    if (host === "" && !isUnix) {
      drop(socket);
      return;
    }
    if ((!o.tls || o.byRequest) && runtime.proxies.trusts(host)) {
      this.proxyEntrance.accept(socket, host);
      return;
    }
    const kind = runtime.admit(host, host);
    if (kind !== null) {
      this.refusals.refuse(socket, host, kind);
      return;
    }
    this.group.accepted++;
    const conn = new SocketConnection(this.group, socket, host, this.leave);
    if (!o.tls) this.open(conn);
    else conn.expectHandshake({ done: () => this.open(conn), failed() {} });
  }

  private open(conn: SocketConnection): void {
    conn.begin(() => this.o.protocol.open(conn, this.net));
  }

  private left(conn: SocketConnection, why: CloseReason): void {
    this.runtime.admission.release(conn.host);
    closed(this.runtime.log, this.name, conn, why);
  }

  /** Resolves when the last connection has gone, or after `ms`. */
  private emptyWithin(ms: number): Promise<void> {
    const { group, runtime } = this;
    if (group.connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        group.onEmpty = null;
        resolve();
      };
      const cancel = runtime.clock.after(ms, done);
      group.onEmpty = done;
    });
  }
}
