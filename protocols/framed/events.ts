import { encodeFrame } from "../../src/bytes/framer.ts";
import type { HeaderFormat } from "../../src/bytes/header.ts";
import type { ChatEvent, Codec } from "../../src/chat/event.ts";
import { encodeMessage } from "./messages.ts";

/** Chat events as frames; one instance for each header format, because members share what it encoded. */
export class FrameCodec implements Codec {
  constructor(private readonly header: HeaderFormat) {}

  encode(event: ChatEvent): Uint8Array {
    return encodeFrame(this.header, encodeMessage(event));
  }
}
