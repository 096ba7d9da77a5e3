import type { Socket } from "bun";
import { type Clock, systemClock } from "../clock.ts";
import type { Target } from "../net/address.ts";

/** What a {@link Stream} tells its owner. */
export interface StreamListener {
  /** Bytes came; the buffer is the listener's. */
  data(chunk: Uint8Array): void;
  /** Everything written was handed to the kernel, after `write` had said false. */
  drained?(): void;
  /** The peer will send no more; it may still read. Default: close. */
  ended?(): void;
  /** Exactly once, always last; null when the end was clean. */
  closed(error: Error | null): void;
}

export interface ConnectOptions {
  readonly clock?: Clock;
  /** How long connecting may take. */
  readonly timeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Unsent bytes above which `write` says false. */
const HIGH_WATER = 256 * 1024;

/**
 * A client's end of a TCP connection. Bun's `write` takes what the kernel takes and forgets the rest; this one keeps the
 * rest and sends it when there is room.
 */
export class Stream {
  #socket: Socket | null = null;
  readonly #queue: Uint8Array[] = [];
  #queued = 0;
  #full = false;
  #finishing = false;
  #closed = false;
  #error: Error | null = null;

  private constructor(private readonly listener: StreamListener) {}

  /** Connects. Rejects with the system's error (`code` ECONNREFUSED, ENOTFOUND ...), ETIMEDOUT after 10 s. */
  static async connect(target: Target, listener: StreamListener, o: ConnectOptions = {}): Promise<Stream> {
    const stream = new Stream(listener);
    const { promise: late, reject } = Promise.withResolvers<never>();
    const cancel = (o.clock ?? systemClock).after(o.timeoutMs ?? CONNECT_TIMEOUT_MS, () => {
      reject(Object.assign(new Error("connecting took too long"), { code: "ETIMEDOUT" }));
    });
    const connecting = stream.#connect(target);
    try {
      await Promise.race([connecting, late]);
      return stream;
    } catch (error) {
      stream.#closed = true;
      connecting.then(
        () => stream.#socket?.terminate(),
        () => {},
      );
      throw error;
    } finally {
      cancel();
    }
  }

  /** Queues bytes, which must not change any more. False: more than 256 KiB wait; go on when `drained` is called. */
  write(bytes: Uint8Array): boolean {
    if (this.#closed || this.#finishing || bytes.length === 0) return !this.#full;
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    if (this.#queue.length === 1) this.#flush();
    if (this.#queued > HIGH_WATER) this.#full = true;
    return !this.#full;
  }

  /** Says that nothing more will be sent, once everything is; what the peer still sends is told. */
  finish(): void {
    this.#finishing = true;
    if (this.#queue.length === 0) this.#socket?.shutdown();
  }

  /** Closes now; unsent bytes are lost. */
  close(): void {
    this.#socket?.terminate();
  }

  /** While paused no data is told, so that the peer feels who reads slowly. */
  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  async #connect(target: Target): Promise<void> {
    this.#socket = await Bun.connect({
      hostname: target.host,
      port: target.port,
      allowHalfOpen: true,
      socket: {
        binaryType: "uint8array",
        data: (_, chunk) => this.listener.data(chunk),
        drain: () => this.#flush(),
        end: (socket) => (this.listener.ended ? this.listener.ended() : void socket.end()),
        // Also what a listener threw: Bun would leave the socket open after it.
        error: (socket, error) => {
          this.#error ??= error;
          socket.terminate();
        },
        close: (_, error) => this.#close(error ?? this.#error),
      },
    });
  }

  #flush(): void {
    for (let [first] = this.#queue; first !== undefined; [first] = this.#queue) {
      const taken = this.#socket?.write(first) ?? -1;
      if (taken > 0) this.#queued -= taken;
      if (taken < first.length) {
        if (taken > 0) this.#queue[0] = first.subarray(taken);
        return;
      }
      this.#queue.shift();
    }
    if (this.#finishing) this.#socket?.shutdown();
    if (!this.#full) return;
    this.#full = false;
    this.listener.drained?.();
  }

  #close(error: Error | null | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.length = 0;
    this.#queued = 0;
    this.listener.closed(error ?? null);
  }
}
