import { encodeFrame } from "../../src/bytes/framer.ts";
import type { HeaderFormat } from "../../src/bytes/header.ts";
import type { Codec, Delivery } from "../../src/chat/event.ts";
import type { CloseReason, Connection } from "../../src/net/protocol.ts";

/** One message in, one message out: what a service speaks to, so that it may be frames or a WebSocket. */
export interface Channel {
  /** Who counts for the flood limit. */
  readonly peer: string;
  readonly open: boolean;
  /** False: sent all the same, but stop producing until {@link Channel.drained}. */
  send(message: Uint8Array): boolean;
  /** An event that many are sent: encoded once for all channels of a kind. */
  deliver(delivery: Delivery): boolean;
  drained(): Promise<boolean>;
  finish(lastMessage?: Uint8Array, why?: CloseReason): void;
}

/** Frames over a connection. */
export class FrameChannel implements Channel {
  constructor(
    private readonly conn: Connection,
    private readonly header: HeaderFormat,
    private readonly events: Codec,
    readonly peer: string,
  ) {}

  get open(): boolean {
    return this.conn.state === "open";
  }

  send(message: Uint8Array): boolean {
    return this.conn.send(encodeFrame(this.header, message));
  }

  deliver(delivery: Delivery): boolean {
    return this.conn.send(delivery.as(this.events));
  }

  drained(): Promise<boolean> {
    return this.conn.drained();
  }

  finish(lastMessage?: Uint8Array, why?: CloseReason): void {
    this.conn.finish(lastMessage && encodeFrame(this.header, lastMessage), why);
  }
}
