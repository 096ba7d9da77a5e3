import { ProtocolError } from "../../src/bytes/decoder.ts";
import { FrameLengthError } from "../../src/bytes/frame-length.ts";
import type { CloseReason, Connection, Session } from "../../src/net/protocol.ts";
import { reachedAt } from "../../src/net/reached-at.ts";
import type { MessageHandler } from "../../src/net/turns.ts";
import { byeFor } from "../services/endings.ts";
import type { HelloHost } from "../services/hello.ts";
import { badLength, type FrameRules, unfinished, type Verdict, violation } from "./violation.ts";

/** What all sessions of a door share. */
export interface FramedHost extends HelloHost, FrameRules {
  /** A frame begun must be complete within so many milliseconds. */
  readonly messageMs: number;
  /** A transfer must move within so many milliseconds. */
  readonly stallMs: number;
  /** Who neither chats nor has a transfer may be silent for so long. */
  readonly idleMs: number;
}

/** As much of a first frame that does not come whole as tells a foreign protocol. */
const HEAD = 64;

/** What every connection of this door does, whichever way its messages `M` are told apart. */
export abstract class Framing<M> implements Session, MessageHandler<M> {
  /** The first message has come. */
  protected opened = false;
  /** The peer does not read what it is sent; no more of its messages are handled until it does. */
  protected full = false;
  /** The beginning of the connection, while its first message is not complete. */
  private head: Uint8Array | null = null;
  /** The deadline of what was begun runs. */
  private begun = false;

  constructor(
    protected readonly host: FramedHost,
    protected readonly conn: Connection,
  ) {}

  abstract get buffered(): number;

  /** Whether something runs for the peer. */
  get working(): boolean {
    return false;
  }

  /** The peer has begun what must be complete in time. */
  protected abstract get isWaitedFor(): boolean;

  /** Handles what a chunk brings. A promise when that takes longer than a turn; the peer is not read meanwhile. */
  protected abstract read(chunk: Uint8Array): void | Promise<void>;

  abstract handle(message: M): void | Promise<void>;

  get stopped(): boolean {
    return this.conn.state !== "open";
  }

  onData(chunk: Uint8Array): void | Promise<void> {
    if (!this.opened) this.head ??= Buffer.from(chunk.subarray(0, HEAD));
    try {
      const wait = this.read(chunk);
      if (wait === undefined) return this.watch(this.isWaitedFor);
      return wait.then(
        () => this.watch(this.isWaitedFor),
        (error: unknown) => this.broke(error),
      );
    } catch (error) {
      this.broke(error);
    }
  }

  onPeerEnd(): void {
    if (this.buffered > 0) this.end(unfinished(this.host, this.head, "violation", reachedAt(this.conn)));
    else this.conn.finish();
  }

  farewell(why: CloseReason): Uint8Array | undefined {
    if (why.kind === "stall" && this.buffered > 0)
      return unfinished(this.host, this.head, "stall", reachedAt(this.conn)).lastWords;
    const bye = byeFor(why, this.working);
    return bye === null ? undefined : this.host.form.bye(bye);
  }

  /** The first message is here: from now on this is no other protocol. */
  protected nowOpen(): void {
    this.opened = true;
    this.head = null;
  }

  protected write(bytes: Uint8Array): boolean {
    const room = this.conn.send(bytes);
    if (!room) this.full = true;
    return room;
  }

  /** The deadline of what was begun does not run while its peer is not read. */
  protected untilRead(): Promise<void> {
    this.full = false;
    this.watch(false);
    return this.conn.drained().then(() => {});
  }

  /** Sets the deadline of what was begun, or clears it. */
  protected watch(begun: boolean): void {
    if (begun === this.begun) return;
    this.begun = begun;
    this.conn.deadline("handshake", begun ? this.host.messageMs : null);
  }

  /** Ends a connection that asks for what is not allowed, or cannot be had in this way. */
  protected deny(text: string): void {
    this.conn.finish(this.host.form.bye({ event: "bye", reason: "denied", text }), { kind: "local" });
  }

  /** Ends the connection of a peer that broke the protocol; any other error is the server's own. */
  private broke(error: unknown): void {
    if (!(error instanceof ProtocolError)) throw error;
    const { host, opened, conn } = this;
    const isLength = error instanceof FrameLengthError;
    this.end(isLength ? badLength(host, error, !opened, reachedAt(conn)) : violation(host.form, error.message));
  }

  private end({ lastWords, why }: Verdict): void {
    this.conn.finish(lastWords, why);
  }
}
