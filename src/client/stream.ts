import type { Socket } from "node:net";
import { type Clock, systemClock } from "../clock.ts";
import type { Target } from "../net/address.ts";
import { errorOf } from "../thrown.ts";
import { checkPeer, type Trust, tlsOptions } from "./trust.ts";

/** What a {@link Stream} tells its owner. */
export interface StreamListener {
  /** Bytes came; the buffer is the listener's. */
  data(chunk: Uint8Array): void;
  /** Everything written was handed to the kernel, after `write` had said false. */
  drained?(): void;
  /** Exactly once, always last; null when the end was clean. What a listener throws ends the connection, too. */
  closed(error: Error | null): void;
}

export interface ConnectOptions {
  readonly clock?: Clock;
  /** Gives up connecting when it is aborted. */
  readonly signal?: AbortSignal;
  /** Speaks TLS, and only with whom this trusts. */
  readonly trust?: Trust | null;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** A peer that vanished without a word is noticed although nothing is sent to it: first probed after so long. */
const KEEP_ALIVE_MS = 30_000;

/**
 * A client's end of a TCP connection, plain or with TLS. It is node:net's, because an attempt of `Bun.connect` cannot
 * be taken back: against a host that drops what it is sent, it keeps the process alive for two minutes after Ctrl-C.
 */
export class Stream {
  private error: Error | null = null;

  private constructor(
    private readonly socket: Socket,
    listener: StreamListener,
  ) {
    socket.on("data", (chunk: Buffer) => this.tell(() => listener.data(chunk)));
    socket.on("drain", () => this.tell(() => listener.drained?.()));
    socket.on("end", () => socket.end());
    socket.on("error", (error) => {
      this.error ??= error;
    });
  }

  /**
   * Connects. Rejects with the system's error (`code` ECONNREFUSED, ENOTFOUND …), with ETIMEDOUT after 10 s, with the
   * signal's reason when it is aborted, and with a {@link NotTrusted} when the certificate is not trusted.
   */
  static async connect(target: Target, listener: StreamListener, o: ConnectOptions = {}): Promise<Stream> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = await dial(target, o.trust ?? null, resolve, reject);
    const stream = new Stream(socket, listener);
    socket.once("error", reject);
    const cancel = (o.clock ?? systemClock).after(CONNECT_TIMEOUT_MS, () => {
      reject(Object.assign(new Error("connecting took too long"), { code: "ETIMEDOUT" }));
    });
    const abort = () => reject(o.signal?.reason);
    o.signal?.addEventListener("abort", abort);
    try {
      await promise;
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      cancel();
      o.signal?.removeEventListener("abort", abort);
    }
    socket.once("close", () => listener.closed(stream.error));
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    return stream;
  }

  /** Sends bytes, which must not change any more. False: enough are waiting; go on when `drained` is called. */
  write(bytes: Uint8Array): boolean {
    return !this.socket.writable || this.socket.write(bytes);
  }

  /** Takes nothing off the network until `resume`. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Says that nothing more will be sent, once everything is; what the peer still sends is told. */
  finish(): void {
    this.socket.end();
  }

  /** Closes now; unsent bytes are lost. */
  close(): void {
    this.socket.destroy();
  }

  private tell(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.error ??= errorOf(error);
      this.close();
    }
  }
}

/** Node's modules are loaded by clients only: the daemon is the same binary, and would keep 6 MB of them in memory. */
async function dial(
  { host, port }: Target,
  trust: Trust | null,
  connected: () => void,
  refused: (error: Error) => void,
): Promise<Socket> {
  if (trust === null) {
    const { connect } = await import("node:net");
    return connect({ host, port, allowHalfOpen: true, noDelay: true }, connected);
  }
  const { connect, getCACertificates } = await import("node:tls");
  const socket = connect({ host, port, ...tlsOptions(host, trust, getCACertificates) }, () => {
    const wrong = checkPeer(socket, trust);
    if (wrong === null) connected();
    else refused(wrong);
  });
  socket.setNoDelay(true);
  return socket;
}
