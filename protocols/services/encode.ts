/** A message as the bytes of one piece of a channel: a frame's body, or a WebSocket's message. */
export function encodeMessage(message: object): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}
