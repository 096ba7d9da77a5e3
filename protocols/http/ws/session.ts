import type { Credentials, Login, PeerAddress } from "../../../src/accounts/gate.ts";
import type { Visitor } from "../../../src/accounts/visitor.ts";
import { ProtocolError } from "../../../src/bytes/decoder.ts";
import { upper } from "../../../src/bytes/upper.ts";
import type { Delivery } from "../../../src/chat/event.ts";
import type { Entry } from "../../../src/chat/member.ts";
import type { Access } from "../../../src/files/access.ts";
import { floodKey } from "../../../src/net/address.ts";
import type { CloseReason, Connection, FileSlice, Session, Who } from "../../../src/net/protocol.ts";
import { inTurns, type MessageHandler } from "../../../src/net/turns.ts";
import type { Service, Work } from "../../services/channel.ts";
import { isChunk } from "../../services/chunk.ts";
import { encodeMessage } from "../../services/encode.ts";
import { byeFor } from "../../services/endings.ts";
import { Greeting, type Switchboard } from "../../services/greeting.ts";
import type { HelloHost } from "../../services/hello.ts";
import { login } from "../../services/login.ts";
import type { Bye } from "../../services/messages.ts";
import { codeFor, readClose } from "./close-code.ts";
import { webSocketForm } from "./form.ts";
import { closeFrame, encodeFrame, frameHead } from "./frame.ts";
import type { Beating, Heartbeat } from "./heartbeat.ts";
import { CloseCode, Opcode } from "./opcode.ts";
import { type WebSocketMessage, WebSocketReader } from "./reader.ts";
import { WebSocketError } from "./violation.ts";

/** What all WebSockets of a door share. */
export interface WebSocketHost extends HelloHost {
  /** A hello, and a message that was begun, must be complete within so many milliseconds. */
  readonly messageMs: number;
  /** A transfer must move within so many milliseconds. */
  readonly stallMs: number;
  readonly heartbeat: Heartbeat;
}

/** Who opened a WebSocket, as its request said. */
export interface Opener {
  readonly peer: PeerAddress;
  readonly visitor: Visitor;
}

const UNFINISHED: Bye = { event: "bye", reason: "stall", text: "a message that was begun did not come in time" };
const PING = encodeFrame(Opcode.ping, new Uint8Array(0));

/** A connection that has become a WebSocket: a {@link Switchboard} for the services, where each message is a message. */
export class WebSocketSession implements Session, Switchboard, Beating, MessageHandler<WebSocketMessage> {
  private readonly reader: WebSocketReader;
  /** Null: messages are echoed, as a hello asked for. */
  private service: Service | null;
  private full = false;
  private begun = false;

  constructor(
    private readonly host: WebSocketHost,
    private readonly conn: Connection,
    private readonly opener: Opener,
  ) {
    this.reader = new WebSocketReader(host.maxFrame);
    this.service = new Greeting(this, host);
    conn.deadline("idle", null);
    conn.deadline("handshake", host.messageMs);
    host.heartbeat.join(this);
  }

  get buffered(): number {
    return this.reader.buffered;
  }

  /** Who opened it by a login of its own is known by that before anything is asked for. */
  get who(): Who | null {
    const who = this.service?.who ?? null;
    const { account, ended } = this.opener.visitor;
    if (account === null) return who;
    return { name: who?.name ?? null, account: who?.account ?? account, ended: ended === true || who?.ended };
  }

  get working(): boolean {
    return this.service?.working === true;
  }

  get stopped(): boolean {
    return this.conn.state !== "open";
  }

  get peer(): Entry["peer"] {
    return floodKey(this.conn);
  }

  get stranger(): Visitor {
    return this.opener.visitor;
  }

  login(credentials: Credentials): Promise<Login> {
    return login(this.host.gate, credentials, this.opener.peer, "http");
  }

  enter(visitor: Visitor): Access | null {
    return this.host.vault?.enter(visitor, "http") ?? null;
  }

  onData(chunk: Uint8Array): void | Promise<void> {
    this.reader.push(chunk);
    try {
      const wait = inTurns(this.reader, this);
      if (wait === undefined) return this.watch();
      return wait.then(
        () => this.watch(),
        (error: unknown) => this.broke(error),
      );
    } catch (error) {
      this.broke(error);
    }
  }

  handle({ opcode, payload }: WebSocketMessage): void | Promise<void> {
    if (opcode === Opcode.pong) return;
    if (opcode === Opcode.close) {
      // RFC 6455, section 5.5.1: it is answered by one.
      this.conn.finish(closeFrame(readClose(payload), ""), { kind: "peer" });
      return;
    }
    if (opcode === Opcode.ping) this.note(this.conn.send(encodeFrame(Opcode.pong, payload)));
    else {
      this.completed();
      const wait = this.onMessage(opcode, payload);
      if (wait !== undefined) return wait;
    }
    if (!this.full) return;
    this.full = false;
    return this.conn.drained().then(() => {});
  }

  /** A browser that goes away says so in a close frame; whoever does not has gone with what it had begun. */
  onPeerEnd(): void {
    this.conn.finish();
  }

  onShutdown(): void {
    if (this.working) this.service?.finishLater?.({ kind: "shutdown" });
    else this.finish({ kind: "shutdown" });
  }

  onClose(why: CloseReason): void {
    this.host.heartbeat.leave(this);
    this.service?.onClose(why);
  }

  farewell(why: CloseReason): Uint8Array | undefined {
    const bye = why.kind === "stall" && this.reader.buffered > 0 ? UNFINISHED : byeFor(why, this.working);
    return bye === null ? closeFrame(CloseCode.normal, "") : lastWords(codeFor(why), bye);
  }

  beat(): void {
    this.conn.send(PING);
  }

  send(message: Uint8Array): boolean {
    const opcode = isChunk(message) ? Opcode.binary : Opcode.text;
    this.conn.send(frameHead(opcode, message.length));
    return this.note(this.conn.send(message));
  }

  deliver(d: Delivery): boolean {
    return this.conn.send(d.as(webSocketForm));
  }

  sendChunk(head: Uint8Array, slice: FileSlice): Promise<number> {
    this.conn.send(frameHead(Opcode.binary, head.length + slice.length));
    this.conn.send(head);
    return this.conn.sendFile({ ...slice, exact: true });
  }

  occupy(work: Work): void {
    this.conn.deadline("stall", work === "moving" ? this.host.stallMs : null);
  }

  drained(): Promise<boolean> {
    return this.conn.drained();
  }

  finish(why: CloseReason): void {
    this.conn.finish(this.farewell(why), why);
  }

  serve(service: Service | null): void {
    this.service = service;
    this.conn.deadline("handshake", null);
    this.begun = false;
  }

  private onMessage(opcode: number, payload: Uint8Array): void | Promise<void> {
    return this.service === null ? this.echo(opcode, payload) : this.service.onMessage(payload);
  }

  private echo(opcode: number, payload: Uint8Array): void {
    this.note(this.conn.send(encodeFrame(opcode, upper(payload))));
  }

  private note(room: boolean): boolean {
    if (!room) this.full = true;
    return room;
  }

  /** The next message has a deadline of its own, also when its beginning came with the end of this one. */
  private completed(): void {
    if (this.service instanceof Greeting || !this.begun) return;
    this.begun = false;
    this.conn.deadline("handshake", null);
  }

  /** The deadline of a message that was begun; that of a hello runs on. */
  private watch(): void {
    const begun = this.reader.buffered > 0;
    if (this.service instanceof Greeting || begun === this.begun) return;
    this.begun = begun;
    this.conn.deadline("handshake", begun ? this.host.messageMs : null);
  }

  private broke(error: unknown): void {
    if (!(error instanceof ProtocolError)) throw error;
    const code = error instanceof WebSocketError ? error.code : CloseCode.policy;
    const why: CloseReason = { kind: "violation", detail: error.message };
    this.conn.finish(lastWords(code, { event: "bye", reason: "violation", text: error.message }), why);
  }
}

/** What a program reads, and what a WebSocket wants. */
function lastWords(code: number, bye: Bye): Uint8Array {
  return Buffer.concat([encodeFrame(Opcode.text, encodeMessage(bye)), closeFrame(code, bye.text)]);
}
