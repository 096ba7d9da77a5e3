import { CloseCode, Opcode } from "./opcode.ts";
import { WebSocketError } from "./violation.ts";

/** A whole message, or a control frame. */
export interface WebSocketMessage {
  readonly opcode: number;
  readonly payload: Uint8Array;
}

interface FrameHead {
  readonly fin: boolean;
  readonly opcode: number;
  readonly length: number;
  /** Bytes of the head, the mask included. */
  readonly size: number;
}

const MASK_BYTES = 4;
const MOST_CONTROL = 125;
/** Pieces of one message: each costs more than its bytes. */
const MOST_FRAGMENTS = 1024;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Finds the messages of a client in a connection's bytes (RFC 6455, section 5): masked, whole again where they came in pieces. */
export class WebSocketReader {
  private input: Buffer = Buffer.alloc(0);
  private fragments: Uint8Array[] = [];
  private fragmented = 0;
  /** Of the message whose fragments are coming; null: none is. */
  private opcode: number | null = null;

  /** @param most bytes of a message, its fragments together */
  constructor(private readonly most: number) {}

  /** Bytes held of a message that is not complete. */
  get buffered(): number {
    return this.input.length + this.fragmented;
  }

  push(chunk: Uint8Array): void {
    this.input =
      this.input.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
        : Buffer.concat([this.input, chunk]);
  }

  /** The next message that is complete; an iterator's `next`. @throws WebSocketError */
  next(): IteratorResult<WebSocketMessage, undefined> {
    for (;;) {
      const head = this.readHead();
      if (head === null || this.input.length < head.size + head.length) return { done: true, value: undefined };
      const payload = this.takePayload(head);
      const message = this.join(head, payload);
      if (message !== null) return { done: false, value: message };
    }
  }

  private readHead(): FrameHead | null {
    const { input } = this;
    const [first, second] = input;
    if (first === undefined || second === undefined) return null;
    if ((first & 0x70) !== 0) throw broken("reserved bits are set, and no extension was agreed on");
    if ((second & 0x80) === 0) throw broken("a client must mask its frames");
    const short = second & 0x7f;
    const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (input.length < 2 + extra) return null;
    const length = extra === 0 ? short : extra === 2 ? input.readUInt16BE(2) : Number(input.readBigUInt64BE(2));
    const head = { fin: (first & 0x80) !== 0, opcode: first & 0x0f, length, size: 2 + extra + MASK_BYTES };
    this.check(head);
    return head;
  }

  /** On the head, before a byte of what it announces is stored. */
  private check({ fin, opcode, length }: FrameHead): void {
    if (opcode >= Opcode.close) {
      if (!(opcode === Opcode.close || opcode === Opcode.ping || opcode === Opcode.pong)) throw unknown(opcode);
      if (!fin || length > MOST_CONTROL) throw broken("a control frame comes in one piece of at most 125 bytes");
      return;
    }
    if (opcode > Opcode.binary) throw unknown(opcode);
    if ((opcode === Opcode.continuation) !== (this.opcode !== null))
      throw broken("the pieces of a message follow each other, and nothing else is continued");
    if (this.fragmented + length > this.most)
      throw new WebSocketError(CloseCode.tooBig, `a message has at most ${this.most} bytes`);
  }

  private takePayload({ size, length }: FrameHead): Uint8Array {
    const { input } = this;
    const payload = unmask(input.subarray(size, size + length), input.readUInt32LE(size - MASK_BYTES));
    this.input = input.subarray(size + length);
    return payload;
  }

  /** Null: more pieces are to come. */
  private join({ fin, opcode }: FrameHead, payload: Uint8Array): WebSocketMessage | null {
    if (opcode >= Opcode.close) return { opcode, payload };
    const kind = this.opcode ?? opcode;
    if (fin && this.fragments.length === 0) return checked({ opcode: kind, payload });
    this.opcode = kind;
    this.fragments.push(payload);
    this.fragmented += payload.length;
    if (this.fragments.length > MOST_FRAGMENTS) throw broken(`a message comes in at most ${MOST_FRAGMENTS} pieces`);
    if (!fin) return null;
    const whole = Buffer.concat(this.fragments);
    this.fragments = [];
    this.fragmented = 0;
    this.opcode = null;
    return checked({ opcode: kind, payload: whole });
  }
}

/** A copy without its mask, four bytes at a time; both are read in the machine's order, so that they fit. */
function unmask(masked: Uint8Array, mask: number): Uint8Array {
  const copy = new Uint8Array((masked.length + 3) & ~3);
  copy.set(masked);
  const words = new Int32Array(copy.buffer);
  for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) ^ mask;
  return copy.subarray(0, masked.length);
}

function checked(message: WebSocketMessage): WebSocketMessage {
  if (message.opcode !== Opcode.text) return message;
  try {
    utf8.decode(message.payload);
    return message;
  } catch {
    throw new WebSocketError(CloseCode.notUtf8, "a text message must be UTF-8");
  }
}

function broken(what: string): WebSocketError {
  return new WebSocketError(CloseCode.protocolError, what);
}

function unknown(opcode: number): WebSocketError {
  return broken(`there are no frames of kind ${opcode}`);
}
