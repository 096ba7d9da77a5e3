import { ProtocolError } from "../../../src/bytes/decoder.ts";

/** A WebSocket peer broke the protocol; `code` is what its close frame says. */
export class WebSocketError extends ProtocolError {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}
