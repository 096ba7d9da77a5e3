import { CloseCode, Opcode } from "./opcode.ts";
import { WebSocketError } from "./violation.ts";

/** What stands before the payload of a client's frame (RFC 6455, section 5.2). */
export interface FrameHead {
  readonly fin: boolean;
  readonly opcode: number;
  /** Of the payload, in bytes. */
  readonly length: number;
  /** Of the head, its mask included. */
  readonly size: number;
}

const MASK_BYTES = 4;
const MOST_CONTROL = 125;
const SHORT = 125;
const TWO_BYTES = 0xffff;
const KNOWN: ReadonlySet<number> = new Set(Object.values(Opcode));

/** The head at `at`, of which bytes up to `end` are there; null: not enough are. @throws WebSocketError 1002 */
export function readFrameHead(bytes: Uint8Array, at: number, end: number): FrameHead | null {
  if (end - at < 2) return null;
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  const opcode = first & 0x0f;
  const fin = (first & 0x80) !== 0;
  if ((first & 0x70) !== 0) throw broken("reserved bits are set, and no extension was agreed on");
  if (!KNOWN.has(opcode)) throw broken(`there are no frames of kind ${opcode}`);
  if ((second & 0x80) === 0) throw broken("a client must mask its frames");
  const short = second & 0x7f;
  if (opcode >= Opcode.close && (!fin || short > MOST_CONTROL))
    throw broken("a control frame comes in one piece of at most 125 bytes");
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  const size = 2 + extra + MASK_BYTES;
  if (end - at < size) return null;
  if (extra === 0) return { fin, opcode, length: short, size };
  const view = new DataView(bytes.buffer, bytes.byteOffset + at + 2, extra);
  const length = extra === 2 ? view.getUint16(0) : Number(view.getBigUint64(0));
  if (length <= (extra === 2 ? SHORT : TWO_BYTES)) throw broken("a length must be written in as few bytes as it needs");
  return { fin, opcode, length, size };
}

function broken(what: string): WebSocketError {
  return new WebSocketError(CloseCode.protocolError, what);
}
