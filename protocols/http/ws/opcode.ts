/** Kinds of frames: RFC 6455, section 5.2. */
export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Why a WebSocket ends: RFC 6455, section 7.4.1, and 1012 and 1013 of IANA's list. */
export const CloseCode = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  notUtf8: 1007,
  policy: 1008,
  tooBig: 1009,
  failed: 1011,
  tryLater: 1013,
} as const;
