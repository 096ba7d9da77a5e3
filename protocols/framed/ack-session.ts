import { AckFramer, type AckItem } from "../../src/bytes/ack-framer.ts";
import { upper } from "../../src/bytes/upper.ts";
import type { CloseReason, Connection, Session } from "../../src/net/protocol.ts";
import { inTurns, type MessageHandler } from "../../src/net/turns.ts";
import { byeFor } from "./bye.ts";
import { encodeIfSayable, endFor } from "./diagnosis.ts";
import type { FramedHost } from "./host.ts";

const OK = Buffer.from("ok");

/**
 * Upper-case echo of `--frame-ack`: the sender of a header waits for `ok` before it sends the body, in both directions,
 * one message at a time. The other classic cure for sticky packets.
 */
export class AckSession implements Session, MessageHandler<AckItem> {
  private readonly framer: AckFramer;
  /** The answer whose header was sent; it follows when the peer says `ok`. */
  private answer: Uint8Array | null = null;
  private begun = false;

  constructor(
    private readonly host: FramedHost,
    private readonly conn: Connection,
  ) {
    this.framer = new AckFramer(host.header, host.maxFrame);
  }

  get buffered(): number {
    return this.framer.buffered;
  }

  get stopped(): boolean {
    return this.conn.state !== "open";
  }

  onData(chunk: Uint8Array): void | Promise<void> {
    try {
      const items = this.framer.push(chunk)[Symbol.iterator]();
      const wait = inTurns(items, this);
      this.watch();
      return wait?.then(
        () => this.watch(),
        (error: unknown) => endFor(error, this.host, this.conn),
      );
    } catch (error) {
      endFor(error, this.host, this.conn);
    }
  }

  farewell(why: CloseReason): Uint8Array | undefined {
    const words = byeFor(why);
    return words && encodeIfSayable(this.host.header, words);
  }

  handle(item: AckItem): void | Promise<void> {
    if (item.kind === "header") return this.send(OK);
    if (item.kind === "body") {
      this.answer = upper(item.body);
      this.framer.expectOk();
      return this.send(this.headerFor(item.body));
    }
    const { answer } = this;
    this.answer = null;
    if (answer !== null) return this.send(answer);
  }

  private headerFor(body: Uint8Array): Uint8Array {
    const { header } = this.host;
    const bytes = new Uint8Array(header.size);
    header.write(bytes, 0, body.length);
    return bytes;
  }

  private send(bytes: Uint8Array): void | Promise<void> {
    if (!this.conn.send(bytes)) return this.conn.drained().then(goOn);
  }

  /** A message that has begun must be complete in time: from its header until the peer has taken the answer's. */
  private watch(): void {
    const begun = this.buffered > 0 || this.answer !== null;
    if (begun === this.begun) return;
    this.begun = begun;
    this.conn.deadline("handshake", begun ? this.host.messageMs : null);
  }
}

function goOn(): void {}
