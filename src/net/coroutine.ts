import type { Log } from "../log.ts";
import { messageOf } from "../thrown.ts";
import { ByteQueue } from "./byte-queue.ts";
import type { Handler } from "./peer.ts";
import type { CloseReason, Connection, Protocol, Session } from "./protocol.ts";
import { PeerGoneError, type PeerLimits, StreamPeer } from "./stream-peer.ts";

export interface CoroutineOptions {
  readonly name: string;
  readonly handler: Handler;
  readonly limits: PeerLimits;
  /** Hears of a handler that fails when its connection has closed already; otherwise it is the reason of the closing. */
  readonly log: Log;
  /** One sentence on what a handler threw. Default: its message. */
  describe?(error: unknown): string;
}

/**
 * A protocol that is one async function of one peer. When it returns the connection is finished; when it throws, that
 * connection alone ends, with the error as the reason. A drain waits for it until the deadline.
 */
export function coroutine(options: CoroutineOptions): Protocol {
  return {
    name: options.name,
    busy: Buffer.from("too many connections; try again later\r\n"),
    open: (conn) => new CoroutineSession(conn, options),
  };
}

class CoroutineSession implements Session {
  working = true;
  private readonly input = new ByteQueue();
  private readonly peer: StreamPeer;

  constructor(
    private readonly conn: Connection,
    private readonly options: CoroutineOptions,
  ) {
    this.peer = new StreamPeer(conn, this.input, options.limits);
    void this.run();
  }

  get buffered(): number {
    return this.input.size + this.peer.buffered;
  }

  onData(chunk: Uint8Array): void | Promise<void> {
    return this.input.push(chunk);
  }

  onPeerEnd(): void {
    this.input.end(true);
  }

  /** The handler's loop ends; it may still write, and then returns. */
  onShutdown(): void {
    this.input.end(false);
  }

  onClose(): void {
    this.input.end(false);
  }

  farewell(why: CloseReason): Uint8Array | undefined {
    return why.kind === "stall" ? this.peer.say("what was begun was not complete in time") : undefined;
  }

  private async run(): Promise<void> {
    try {
      await this.options.handler(this.peer);
      this.conn.finish();
    } catch (error) {
      this.failed(error);
    }
    this.working = false;
    this.input.abandon();
  }

  private failed(thrown: unknown): void {
    if (thrown instanceof PeerGoneError) return;
    const { name, log, describe = messageOf } = this.options;
    const error = new Error(describe(thrown), { cause: thrown });
    if (thrown instanceof Error && thrown.stack !== undefined) error.stack = thrown.stack;
    if (this.conn.state === "closed") {
      log.warn("handler-failed", { door: name, id: this.conn.id, peer: this.peer.remote, detail: error.message });
    } else {
      this.conn.finish(undefined, { kind: "error", error });
    }
  }
}
