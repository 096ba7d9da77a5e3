import { Opcode } from "./opcode.ts";

const FIN = 0x80;
/** Lengths that one byte can say, and two. */
const SHORT = 125;
const TWO_BYTES = 0xffff;
/** Of a control frame's payload. */
const MOST_CONTROL = 125;

/** The head of a frame from the server: whole, unmasked, `length` bytes of payload behind it (RFC 6455, section 5.2). */
export function frameHead(opcode: number, length: number): Buffer {
  if (length <= SHORT) return Buffer.from([FIN | opcode, length]);
  if (length <= TWO_BYTES) return Buffer.from([FIN | opcode, 126, length >> 8, length & 0xff]);
  const head = Buffer.alloc(10);
  head[0] = FIN | opcode;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

/** A frame from the server. */
export function encodeFrame(opcode: number, payload: Uint8Array): Uint8Array {
  return Buffer.concat([frameHead(opcode, payload.length), payload]);
}

/** The last frame: a code, and a reason that is cut to what a control frame holds. */
export function closeFrame(code: number, reason: string): Uint8Array {
  let words = reason.slice(0, MOST_CONTROL);
  while (Buffer.byteLength(words) > MOST_CONTROL - 2) words = words.slice(0, -1);
  words = words.replace(/[\ud800-\udbff]$/, "");
  const text = Buffer.from(words.toWellFormed());
  return encodeFrame(
    Opcode.close,
    Buffer.concat([Buffer.from([code >> 8, code & 0xff]), text.subarray(0, MOST_CONTROL - 2)]),
  );
}
