import type { CloseReason, Connection, Session } from "../../../src/net/protocol.ts";

/** A data connection that moves nothing for so long has failed, milliseconds. */
export const STALL_MS = 60_000;
/** What a client had sent that has gone must be here within so many milliseconds. */
const RUN_OUT_MS = 2_000;

/** A data connection: bytes one way, and an end. What it means is for the transfer to say. */
export class DataChannel implements Session {
  /** What comes is written to a file at once. */
  readonly borrows = true;
  /** Clients read what the control connection says when they have sent all, and not when they are reset: curl, for one. */
  readonly hearsOut = true;
  /** Bytes that came from the client. */
  received = 0;
  /** The client has ended its side. */
  ended = false;
  /** Why this side has cut it off, as a sentence; null when it has not. */
  stopped: string | null = null;
  readonly closed: Promise<CloseReason>;
  private readonly close: (why: CloseReason) => void;

  constructor(
    readonly conn: Connection,
    /** Takes what comes; null where nothing ought to come. */
    private readonly take: ((chunk: Uint8Array) => void) | null,
  ) {
    const { promise, resolve } = Promise.withResolvers<CloseReason>();
    this.closed = promise;
    this.close = resolve;
  }

  /**
   * A drain waits for the transfer, and until its last bytes have left; not for what is only heard out. The control session
   * says the last words.
   */
  get working(): boolean {
    return this.conn.state === "open" || this.stopped === null;
  }

  /** Whether the client has said that it has sent all: over TLS a bare end may be a cut (RFC 8446, section 6.1). */
  get isComplete(): boolean {
    return this.stopped === null && this.ended && this.conn.tls?.saidEnd(this.received) !== false;
  }

  /** Cuts it off, so that the client does not take what has come for all. */
  stop(why: string): void {
    this.stopped ??= why;
    this.conn.kill({ kind: "local" });
  }

  /**
   * Takes no more. What still comes is read and discarded for a while (`Connection.finish`), because a client whose data
   * connection is reset while it sends reports that, and never reads the reply that says why.
   */
  refuse(why: string): void {
    this.stopped ??= why;
    this.conn.finish();
  }

  /**
   * The client has gone: what it had sent is still taken, because it was killed, as like as not, and will want to go on
   * from there. Downloads end at once.
   */
  runOut(why: string): void {
    if (this.take === null) {
      this.stop(why);
      return;
    }
    this.stopped ??= why;
    this.conn.deadline("handshake", RUN_OUT_MS);
  }

  /** Sends, and waits while the client does not take it; false when it has gone. */
  async send(bytes: Uint8Array): Promise<boolean> {
    if (this.conn.send(bytes)) return true;
    return await this.conn.drained();
  }

  /** Everything that was sent has left; false when the client has gone before. */
  async flushed(): Promise<boolean> {
    // An empty piece of a file stands behind all earlier sends, and no descriptor is looked at for it.
    await this.conn.sendFile({ fd: -1, offset: 0, length: 0 });
    return this.conn.state === "open";
  }

  /** How it ended before its time. */
  async cut(): Promise<string> {
    const { kind } = await this.closed;
    if (this.stopped !== null) return this.stopped;
    return kind === "stall" || kind === "slow"
      ? `the data connection moved nothing for ${STALL_MS / 1000} s`
      : "the data connection was cut off";
  }

  onData(chunk: Uint8Array): void {
    this.received += chunk.length;
    this.take?.(chunk);
  }

  /** A client that has ended its side of a download has nothing to say, and may go on reading. */
  onPeerEnd(): void {
    this.ended = true;
    if (this.take !== null) this.conn.finish();
  }

  onShutdown(): void {}

  onClose(why: CloseReason): void {
    this.close(why);
  }
}
