import type { Visitor } from "../../src/accounts/visitor.ts";
import type { Delivery } from "../../src/chat/event.ts";
import type { Entry } from "../../src/chat/member.ts";
import type { Access } from "../../src/files/access.ts";
import type { CloseReason, FileSlice, Who } from "../../src/net/protocol.ts";

/** What runs for a peer beside its requests: nothing, something that takes its time, or transfers whose bytes must move. */
export type Work = "none" | "busy" | "moving";

/**
 * A peer as a service sees it: one message in, one message out. Frames over TCP are one, a WebSocket can be another; each
 * brings its own way of marking where a message ends.
 */
export interface Channel {
  /** Whose flood limit the peer draws on. */
  readonly peer: Entry["peer"];
  /** Who the peer is as long as it has not logged in. */
  readonly stranger: Visitor;
  /** Queues one message. False: it is queued, but stop producing until {@link Channel.drained}. */
  send(message: Uint8Array): boolean;
  /** Queues an event, encoded once for all channels of the same form. */
  deliver(d: Delivery): boolean;
  /**
   * Queues one message that begins with `head` and ends with a piece of a file; zeros stand for what the file no longer
   * has. Resolves with the bytes of the piece that were taken, fewer when the channel closed; never rejects.
   */
  sendChunk(head: Uint8Array, slice: FileSlice): Promise<number>;
  /** The files as a visitor sees them; null when none are shared. */
  enter(visitor: Visitor): Access | null;
  /** While something runs the peer is not idle and a drain waits; what must move ends the peer when it does not. */
  occupy(work: Work): void;
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
  /** Whether something runs beside the peer's requests. */
  readonly working?: boolean;
  /** Whether the peer may be silent for as long as it likes. */
  readonly patient?: boolean;
  /** While {@link Service.working}: finishes the channel as soon as nothing runs. `peer`: nothing more will come. */
  finishLater?(why: CloseReason): void;
  /** Exactly once, always last. */
  onClose(why: CloseReason): void;
}
