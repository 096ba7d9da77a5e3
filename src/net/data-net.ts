import { type Address, peerHost, plainHost, socketAddress } from "./address.ts";
import { type BunSocket, drop, nobody, type SocketEvents, socketHandlers } from "./bun-socket.ts";
import { SocketConnection } from "./connection.ts";
import { formerPeer } from "./former-peer.ts";
import type { Group } from "./group.ts";
import { listen } from "./listen.ts";
import type { Arrival, CloseReason, Dial, ListenOnce, Net, OneShot } from "./protocol.ts";
import type { Runtime } from "./runtime.ts";

/** The connection came, but the daemon, or the peer's address, has as many as it may. */
export class NoRoomError extends Error {
  override readonly name = "NoRoomError";

  constructor() {
    super("there are too many connections; close some, or try again later");
  }
}

/** Connections that a session opens beside its own. They belong to its door, and count against the daemon's limit. */
export class DataNet implements Net {
  private readonly leave = (conn: SocketConnection, _why: CloseReason) => {
    this.runtime.admission.release(conn.host);
    this.group.dataConnections -= 1;
  };

  constructor(
    private readonly runtime: Runtime,
    private readonly group: Group,
  ) {}

  listenOnce(o: ListenOnce): OneShot {
    const { promise, resolve, reject } = Promise.withResolvers<Arrival>();
    // Whoever cancels does not wait for the answer.
    promise.catch(() => {});
    const listener = listen(
      { host: o.host, port: o.port },
      {
        open: (socket) => {
          const address = peerOf(socket);
          const isStranger = o.from !== undefined && address?.host !== plainHost(o.from);
          if (isStranger || address === null) {
            drop(socket);
            if (address !== null) o.onStranger?.(address);
            return;
          }
          stop();
          this.arrive(socket, address.host).then(resolve, reject);
        },
      },
    );
    const stop = () => {
      cancelTimer();
      listener.stop(false);
    };
    const giveUp = (message: string) => {
      stop();
      reject(new Error(message));
    };
    const cancelTimer = this.runtime.clock.after(o.timeoutMs, () =>
      giveUp(`no connection arrived within ${o.timeoutMs / 1000} s`),
    );
    return { port: listener.port, arrived: promise, cancel: () => giveUp("no longer waited for") };
  }

  async dial({ host, port, from, timeoutMs, signal }: Dial): Promise<Arrival> {
    const { admission, clock } = this.runtime;
    if (!admission.admit(host)) throw new NoRoomError();
    const { promise: late, reject } = Promise.withResolvers<never>();
    const cancelTimer = clock.after(timeoutMs, () => reject(new Error(`no answer within ${timeoutMs / 1000} s`)));
    const stop = () => reject(new Error("no longer waited for"));
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted === true) stop();
    // Bun 1.4.5 binds to `localAddress`, which its types do not have.
    const local = from === undefined ? {} : { localAddress: from };
    const dialled = Bun.connect<SocketEvents>({
      ...local,
      hostname: host,
      port,
      allowHalfOpen: true,
      data: nobody,
      socket: socketHandlers,
    });
    try {
      const socket = await Promise.race([dialled, late]);
      admission.release(host);
      return await this.arrive(socket as BunSocket, peerHost(socket as BunSocket));
    } catch (error) {
      if (error instanceof NoRoomError) throw error;
      // The system goes on trying for two minutes, and holds a descriptor for it.
      const release = () => admission.release(host);
      dialled
        .then(
          (socket) => void socket.terminate(),
          () => {},
        )
        .then(release);
      throw error;
    } finally {
      cancelTimer();
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Makes the paused connection. */
  private async arrive(socket: BunSocket, host: string): Promise<Arrival> {
    const { runtime, group } = this;
    if (!runtime.admission.admit(host)) {
      drop(socket);
      throw new NoRoomError();
    }
    group.accepted += 1;
    group.dataConnections += 1;
    const conn = new SocketConnection(group, socket, host, this.leave);
    conn.pause();
    return { conn, attach: (session) => conn.attach(session) };
  }
}

/** Who has connected, also if it has reset that already; null where nobody can tell. */
function peerOf(socket: BunSocket): Address | null {
  const host = peerHost(socket);
  return host === "" ? formerPeer(socket.fd) : socketAddress(host, socket.remotePort ?? 0);
}
