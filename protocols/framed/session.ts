import { type Frame, Framer } from "../../src/bytes/framer.ts";
import { floodKey } from "../../src/net/address.ts";
import type { CloseReason, Connection, Session } from "../../src/net/protocol.ts";
import { inTurns, type MessageHandler } from "../../src/net/turns.ts";
import { bye, byeFor } from "./bye.ts";
import { FrameChannel } from "./channel.ts";
import { encodeIfSayable, endFor } from "./diagnosis.ts";
import { EchoRun } from "./echo.ts";
import { looksLikeHello } from "./hello.ts";
import type { FramedHost } from "./host.ts";
import { RequestService } from "./service.ts";

/** Headers with fewer bits serve echo only: a service's answers would not fit. */
const SERVICE_BITS = 32;

/** A connection of frames: upper-case echo, unless its first frame is a hello that chooses a service. */
export class FramedSession implements Session, MessageHandler<Frame> {
  private readonly framer: Framer;
  private service: RequestService | null = null;
  /** No frame has come yet. */
  private fresh = true;
  /** A frame has begun, and its deadline runs. */
  private begun = false;
  /** A frame was complete since the deadline was last looked at. */
  private completed = false;

  constructor(
    private readonly host: FramedHost,
    private readonly conn: Connection,
  ) {
    this.framer = new Framer(host.header, host.maxFrame);
  }

  get buffered(): number {
    return this.framer.buffered;
  }

  get stopped(): boolean {
    return this.conn.state !== "open";
  }

  onData(chunk: Uint8Array): void | Promise<void> {
    try {
      this.framer.push(chunk);
      const wait = this.read();
      this.watch();
      return wait?.then(
        () => this.watch(),
        (error: unknown) => endFor(error, this.host, this.conn),
      );
    } catch (error) {
      endFor(error, this.host, this.conn);
    }
  }

  onShutdown(): void {
    this.conn.finish(this.farewell({ kind: "shutdown" }), { kind: "shutdown" });
  }

  onClose(why: CloseReason): void {
    this.service?.onClose(why);
  }

  farewell(why: CloseReason): Uint8Array | undefined {
    const words = byeFor(why);
    return words && encodeIfSayable(this.host.header, words);
  }

  /** One frame, whatever the connection's service is. */
  handle(frame: Frame): void | Promise<void> {
    this.completed = true;
    return this.service === null ? this.echo([frame]) : this.service.onMessage(frame.body);
  }

  /** Handles what the last chunk completed; a promise when the peer must not be read meanwhile. */
  private read(): void | Promise<void> {
    if (!this.fresh) return this.rest();
    const first = this.framer.next();
    if (first.done) return;
    this.fresh = false;
    this.choose(first.value.body);
    const wait = this.handle(first.value);
    return wait ? wait.then(() => this.rest()) : this.rest();
  }

  /** The first body decides what this connection is. */
  private choose(body: Uint8Array): void {
    const { host, conn } = this;
    if (host.header.bits >= SERVICE_BITS && looksLikeHello(body)) {
      const channel = new FrameChannel(conn, host.header, host.events, floodKey(conn));
      this.service = new RequestService(host, channel, () => {
        this.service = null;
      });
    } else if (!host.allow.echo) {
      const detail = "echo is not allowed here; begin with a hello";
      conn.finish(encodeIfSayable(host.header, bye("denied", detail)), { kind: "violation", detail });
    }
  }

  private rest(): void | Promise<void> {
    return this.service === null ? this.echo(this.framer) : inTurns(this.framer, this);
  }

  private echo(frames: Iterable<Frame>): void | Promise<void> {
    const run = new EchoRun();
    for (const frame of frames) {
      this.completed = true;
      run.add(frame, this.conn);
    }
    if (!run.flush(this.conn)) return this.conn.drained().then(goOn);
  }

  /** Sets the deadline of a frame that has begun, and clears it when it is complete. */
  private watch(): void {
    const begun = this.buffered > 0;
    if (begun ? !this.begun || this.completed : this.begun) {
      this.conn.deadline("handshake", begun ? this.host.messageMs : null);
    }
    this.begun = begun;
    this.completed = false;
  }
}

function goOn(): void {}
