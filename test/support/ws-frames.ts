export interface ClientFrame {
  readonly opcode: number;
  readonly payload?: string | Uint8Array;
  readonly fin?: boolean;
  readonly mask?: readonly number[] | null;
  /** Reserved bits: 0x40, 0x20, 0x10. */
  readonly reserved?: number;
  /** Bytes for the length, where more are used than it needs. */
  readonly lengthBytes?: 0 | 2 | 8;
  /** Says another length than the payload has. */
  readonly length?: number;
}

/** A frame as a client sends it (RFC 6455, section 5.2), written here once more so that tests share no code with the server. */
export function clientFrame(o: ClientFrame): Buffer {
  const payload = Buffer.from(o.payload ?? "");
  const { fin = true, mask = [1, 2, 3, 4], reserved = 0, length = payload.length } = o;
  const size = o.lengthBytes ?? (length < 126 ? 0 : length < 65_536 ? 2 : 8);
  const head = Buffer.alloc(2 + size);
  head[0] = (fin ? 0x80 : 0) | reserved | o.opcode;
  head[1] = (mask === null ? 0 : 0x80) | (size === 0 ? length : size === 2 ? 126 : 127);
  if (size === 2) head.writeUInt16BE(length, 2);
  if (size === 8) head.writeBigUInt64BE(BigInt(length), 2);
  if (mask === null) return Buffer.concat([head, payload]);
  return Buffer.concat([head, Buffer.from(mask), payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0))]);
}
