import { encodeFrame } from "../../src/bytes/framer.ts";
import type { HeaderFormat } from "../../src/bytes/header.ts";
import type { ChatEvent, Codec } from "../../src/chat/event.ts";
import { encodeMessage } from "../services/encode.ts";
import type { Bye } from "../services/messages.ts";

const CUT = "…";

/**
 * How messages look in frames with one format of header. One instance serves all connections of a door, so that an event
 * is encoded once for all of them.
 */
export class FrameForm implements Codec {
  constructor(readonly header: HeaderFormat) {}

  encode(event: ChatEvent): Uint8Array {
    return encodeFrame(this.header, encodeMessage(event));
  }

  /** Last words. A text that the header cannot announce (`b` says at most 127 bytes) is cut. */
  bye(bye: Bye): Uint8Array {
    const message = encodeMessage(bye);
    const over = message.length - this.header.most;
    if (over <= 0) return encodeFrame(this.header, message);
    // A unit of UTF-16 takes at least one byte.
    const kept = bye.text.slice(0, -(over + Buffer.byteLength(CUT))).toWellFormed();
    return encodeFrame(this.header, encodeMessage({ ...bye, text: kept + CUT }));
  }
}
