import type { ChatEvent, Codec } from "../../../src/chat/event.ts";
import { encodeMessage } from "../../services/encode.ts";
import { encodeFrame } from "./frame.ts";
import { Opcode } from "./opcode.ts";

/** How events look on a WebSocket. One instance for all, so that an event is encoded once for all browsers. */
class WebSocketForm implements Codec {
  encode(event: ChatEvent): Uint8Array {
    return encodeFrame(Opcode.text, encodeMessage(event));
  }
}

export const webSocketForm = new WebSocketForm();
