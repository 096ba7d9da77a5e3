import type { Credentials, Login } from "../../src/accounts/gate.ts";
import type { Visitor } from "../../src/accounts/visitor.ts";
import { encodeFrame, type Frame, Framer } from "../../src/bytes/framer.ts";
import type { Delivery } from "../../src/chat/event.ts";
import type { Entry } from "../../src/chat/member.ts";
import type { Access } from "../../src/files/access.ts";
import { floodKey } from "../../src/net/address.ts";
import type { CloseReason, Connection, FileSlice, Who } from "../../src/net/protocol.ts";
import { inTurns } from "../../src/net/turns.ts";
import { nextTurn } from "../../src/next-turn.ts";
import { peerAddress } from "../peer-address.ts";
import type { Service, Work } from "../services/channel.ts";
import { Greeting, type Switchboard } from "../services/greeting.ts";
import { saysHello } from "../services/hello.ts";
import { login } from "../services/login.ts";
import { echoFrames, type Outlet, upperFrame } from "./echo.ts";
import { type FramedHost, Framing } from "./framing.ts";

/** Headers of fewer bits carry echo only. */
const LEAST_BITS = 32;

/**
 * A connection that speaks frames: an echo, unless its first body is a hello. There may be 10,000 that say nothing, so it
 * has few fields.
 */
export class FramedSession extends Framing<Frame> implements Switchboard, Outlet {
  private readonly framer: Framer;
  /** Null: frames are echoed. */
  private service: Service | null = null;

  constructor(host: FramedHost, conn: Connection) {
    super(host, conn);
    this.framer = new Framer(host.form.header, host.maxFrame);
  }

  get buffered(): number {
    return this.framer.buffered;
  }

  get who(): Who | null {
    return this.service?.who ?? null;
  }

  override get working(): boolean {
    return this.service?.working === true;
  }

  get peer(): Entry["peer"] {
    return floodKey(this.conn);
  }

  get stranger(): Visitor {
    return this.host.gate.anonymous(peerAddress(this.conn));
  }

  login(credentials: Credentials): Promise<Login> {
    return login(this.host.gate, credentials, peerAddress(this.conn), "framed");
  }

  enter(visitor: Visitor): Access | null {
    return this.host.vault?.enter(visitor, "framed") ?? null;
  }

  override onPeerEnd(): void {
    if (this.buffered === 0 && this.working) this.service?.finishLater?.({ kind: "peer" });
    else super.onPeerEnd();
  }

  /** Transfers may end first. */
  onShutdown(): void {
    if (this.working) this.service?.finishLater?.({ kind: "shutdown" });
    else this.finish({ kind: "shutdown" });
  }

  onClose(why: CloseReason): void {
    this.service?.onClose(why);
  }

  handle(frame: Frame): void | Promise<void> {
    // The deadline of a hello runs until one is granted, that of a frame until it is complete.
    if (!this.isGreeting) this.watch(false);
    if (this.service === null) {
      this.echo(upperFrame(frame));
    } else {
      const wait = this.service.onMessage(frame.body);
      if (wait !== undefined) return wait;
    }
    if (this.full) return this.untilRead();
  }

  send(message: Uint8Array): boolean {
    return this.write(encodeFrame(this.host.form.header, message));
  }

  sendChunk(head: Uint8Array, slice: FileSlice): Promise<number> {
    const { header } = this.host.form;
    const bytes = new Uint8Array(header.size + head.length);
    header.write(bytes, 0, head.length + slice.length);
    bytes.set(head, header.size);
    this.conn.send(bytes);
    return this.conn.sendFile({ ...slice, exact: true });
  }

  occupy(work: Work): void {
    this.conn.deadline("stall", work === "moving" ? this.host.stallMs : null);
    if (this.service?.patient !== true) this.conn.deadline("idle", work === "none" ? this.host.idleMs : null);
  }

  deliver(d: Delivery): boolean {
    return this.conn.send(d.as(this.host.form));
  }

  drained(): Promise<boolean> {
    return this.conn.drained();
  }

  finish(why: CloseReason): void {
    this.conn.finish(this.farewell(why), why);
  }

  serve(service: Service | null): void {
    this.service = service;
    if (service?.patient) this.conn.deadline("idle", null);
  }

  /** Sends back whole frames. */
  echo(frames: Uint8Array): void {
    this.watch(false);
    this.write(frames);
  }

  protected get isWaitedFor(): boolean {
    return this.framer.buffered > 0 || this.isGreeting;
  }

  protected read(chunk: Uint8Array): void | Promise<void> {
    this.framer.push(chunk);
    if (this.opened) return this.readOn(chunk);
    const first = this.framer.next();
    if (first.done) return;
    this.choose(first.value.body);
    this.nowOpen();
    const wait = this.stopped ? undefined : this.handle(first.value);
    return wait === undefined ? this.readOn(chunk) : wait.then(() => this.readOn(chunk));
  }

  private get isGreeting(): boolean {
    return this.service instanceof Greeting;
  }

  /** The first body decides what this connection is. */
  private choose(body: Uint8Array): void {
    const { form, allow } = this.host;
    if (!saysHello(body)) {
      if (!allow.echo) this.deny("nobody is echoed here; say hello first");
    } else if (form.header.bits < LEAST_BITS) {
      this.deny(`headers of ${form.header.bits} bits carry echo only`);
    } else {
      this.service = new Greeting(this, this.host);
    }
  }

  private readOn(chunk: Uint8Array): void | Promise<void> {
    return this.service === null ? this.echoAll(chunk) : inTurns(this.framer, this);
  }

  private echoAll(chunk: Uint8Array): void | Promise<void> {
    if (this.stopped) return;
    const all = echoFrames(this.framer, chunk, this);
    const wait = this.full ? this.untilRead() : undefined;
    return all ? wait : (wait ?? nextTurn()).then(() => this.echoAll(chunk));
  }
}
