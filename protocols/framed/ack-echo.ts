import { AckFramer, type AckItem } from "../../src/bytes/ack-framer.ts";
import { upper } from "../../src/bytes/upper.ts";
import type { Connection } from "../../src/net/protocol.ts";
import { inTurns } from "../../src/net/turns.ts";
import { saysHello } from "../services/hello.ts";
import { type FramedHost, Framing } from "./framing.ts";

const OK = Buffer.from("ok");

/**
 * The other cure for sticky packets (`--frame-ack`): whoever sends a header waits for the two raw bytes `ok` before it
 * sends the body, in both directions, one message at a time. It serves echo alone.
 */
export class AckEcho extends Framing<AckItem> {
  private readonly framer: AckFramer;
  /** The header of a message has come, and its body has not. */
  private announced = false;
  /** What is sent back once the peer says ok. */
  private answer: Uint8Array | null = null;

  constructor(host: FramedHost, conn: Connection) {
    super(host, conn);
    this.framer = new AckFramer(host.form.header, host.maxFrame);
  }

  /** The answer is held too, for as long as the peer likes. */
  get buffered(): number {
    return this.framer.buffered + (this.answer?.length ?? 0);
  }

  handle(item: AckItem): void | Promise<void> {
    if (item.kind === "header") {
      this.announced = true;
      this.write(OK);
    } else if (item.kind === "body") {
      this.announced = false;
      this.onBody(item.body);
    } else {
      if (this.answer !== null) this.write(this.answer);
      this.answer = null;
      this.watch(false);
    }
    if (this.full) return this.untilRead();
  }

  protected get isWaitedFor(): boolean {
    return this.announced || this.answer !== null || this.framer.buffered > 0;
  }

  protected read(chunk: Uint8Array): void | Promise<void> {
    return inTurns(this.framer.push(chunk), this);
  }

  private onBody(body: Uint8Array): void {
    if (!this.opened && saysHello(body)) this.deny("with --frame-ack there is echo only");
    else if (this.host.allow.echo) this.announce(upper(body));
    else this.deny("nobody is echoed here");
    this.nowOpen();
  }

  private announce(answer: Uint8Array): void {
    const { header } = this.host.form;
    const bytes = new Uint8Array(header.size);
    header.write(bytes, 0, answer.length);
    this.write(bytes);
    this.answer = answer;
    this.framer.expectOk();
  }
}
