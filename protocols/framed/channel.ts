import type { Delivery } from "../../src/chat/event.ts";
import type { Entry } from "../../src/chat/member.ts";
import type { CloseReason, Who } from "../../src/net/protocol.ts";

/**
 * A peer as a service sees it: one message in, one message out. Frames over TCP are one, a WebSocket can be another; each
 * brings its own way of marking where a message ends.
 */
export interface Channel {
  /** Whose flood limit the peer draws on. */
  readonly peer: Entry["peer"];
  /** Queues one message. False: it is queued, but stop producing until {@link Channel.drained}. */
  send(message: Uint8Array): boolean;
  /** Queues an event, encoded once for all channels of the same form. */
  deliver(d: Delivery): boolean;
  /** True when there is room again, false when the channel is closed; never rejects. */
  drained(): Promise<boolean>;
  /** The last words that go with the reason, then the end in peace. */
  finish(why: CloseReason): void;
}

/** What a peer speaks with. */
export interface Service {
  /** One message from the peer. A promise pauses reading; nothing follows before it has settled. */
  onMessage(message: Uint8Array): void | Promise<void>;
  /** Who the peer is, once a service knows. */
  readonly who?: Who | null;
  /** Exactly once, always last. */
  onClose(why: CloseReason): void;
}
