import { isUtf8 } from "node:buffer";
import { PartialMessage } from "../../../src/bytes/partial-message.ts";
import { type FrameHead, readFrameHead } from "./frame-head.ts";
import { CloseCode, Opcode } from "./opcode.ts";
import { WebSocketError } from "./violation.ts";

/** A whole message, or a control frame. */
export interface WebSocketMessage {
  readonly opcode: number;
  readonly payload: Uint8Array;
}

/** Bytes in which a frame says how long its head is. */
const FIRST = 2;
const LONGEST_HEAD = 14;
/** Pieces of one message: each costs more than its bytes. */
const MOST_FRAGMENTS = 1024;
const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * Finds the messages of a client in a connection's bytes (RFC 6455, section 5): unmasked, and whole again where they came in
 * pieces. A frame that is spread over several chunks is collected in a buffer that grows with what came.
 */
export class WebSocketReader {
  private chunk: Uint8Array | null = null;
  private at = 0;
  private partial: PartialMessage | null = null;
  private fragments: Uint8Array[] = [];
  private fragmented = 0;
  /** Of the message whose fragments are coming; null: none is. */
  private opcode: number | null = null;

  /** @param most bytes of a message, its fragments together */
  constructor(private readonly most: number) {}

  /** Bytes held of a message that is not complete. */
  get buffered(): number {
    return (this.partial?.filled ?? 0) + this.fragmented;
  }

  /** To be read to its end before the next. */
  push(chunk: Uint8Array): void {
    this.chunk = chunk;
    this.at = 0;
  }

  /** The next message that is complete; an iterator's `next`. @throws WebSocketError */
  next(): IteratorResult<WebSocketMessage, undefined> {
    for (;;) {
      const message = this.chunk === null ? undefined : this.nextFrame(this.chunk);
      if (message === undefined) {
        this.chunk = null;
        return DONE;
      }
      if (message !== null) return { done: false, value: message };
    }
  }

  /** Undefined: it is not complete; null: more pieces of the message are to come. */
  private nextFrame(chunk: Uint8Array): WebSocketMessage | null | undefined {
    if (this.partial === null) {
      const head = readFrameHead(chunk, this.at, chunk.length);
      if (head !== null) this.check(head);
      const end = head === null ? Number.POSITIVE_INFINITY : this.at + head.size + head.length;
      if (head !== null && end <= chunk.length) {
        const frame = chunk.subarray(this.at, end);
        this.at = end;
        return this.join(head, unmask(frame, head));
      }
      if (this.at === chunk.length) return undefined;
      this.partial = new PartialMessage();
    }
    return this.completed(chunk, this.partial);
  }

  private completed(chunk: Uint8Array, partial: PartialMessage): WebSocketMessage | null | undefined {
    for (let head: FrameHead | null = null; ; ) {
      const needed = head === null ? neededForHead(partial) : head.size + head.length;
      if (partial.filled < needed) this.at += partial.fill(chunk, this.at, needed);
      if (partial.filled < needed) return undefined;
      if (head !== null) {
        this.partial = null;
        return this.join(head, unmask(partial.bytes, head));
      }
      head = readFrameHead(partial.bytes, 0, partial.filled);
      if (head !== null) this.check(head);
    }
  }

  /** On the head, before a byte of what it announces is stored. */
  private check({ opcode, length }: FrameHead): void {
    if (opcode >= Opcode.close) return;
    if ((opcode === Opcode.continuation) !== (this.opcode !== null))
      throw new WebSocketError(
        CloseCode.protocolError,
        "the pieces of a message follow each other, and nothing else is continued",
      );
    if (this.fragmented + length > this.most)
      throw new WebSocketError(CloseCode.tooBig, `a message has at most ${this.most} bytes`);
  }

  /** Null: more pieces are to come. */
  private join({ fin, opcode }: FrameHead, payload: Uint8Array): WebSocketMessage | null {
    if (opcode >= Opcode.close) return { opcode, payload };
    const kind = this.opcode ?? opcode;
    if (fin && this.fragments.length === 0) {
      this.opcode = null;
      return checked({ opcode: kind, payload });
    }
    this.opcode = kind;
    this.fragments.push(payload);
    this.fragmented += payload.length;
    if (this.fragments.length > MOST_FRAGMENTS)
      throw new WebSocketError(CloseCode.policy, `a message comes in at most ${MOST_FRAGMENTS} pieces`);
    if (!fin) return null;
    const whole = Buffer.concat(this.fragments);
    this.fragments = [];
    this.fragmented = 0;
    this.opcode = null;
    return checked({ opcode: kind, payload: whole });
  }
}

/** Bytes from which {@link readFrameHead} tells a head. */
function neededForHead({ bytes, filled }: PartialMessage): number {
  if (filled < FIRST) return FIRST;
  const short = (bytes[1] ?? 0) & 0x7f;
  return short === 127 ? LONGEST_HEAD : short === 126 ? LONGEST_HEAD - 6 : LONGEST_HEAD - 8;
}

/** A copy without its mask, four bytes at a time; both are read in the machine's order, so that they fit. */
function unmask(frame: Uint8Array, { size, length }: FrameHead): Uint8Array {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  const mask = bytes.readUInt32LE(size - 4);
  const copy = new Uint8Array((length + 3) & ~3);
  copy.set(frame.subarray(size, size + length));
  const words = new Int32Array(copy.buffer);
  for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) ^ mask;
  return copy.subarray(0, length);
}

function checked(message: WebSocketMessage): WebSocketMessage {
  if (message.opcode !== Opcode.text) return message;
  if (isUtf8(message.payload)) return message;
  throw new WebSocketError(CloseCode.notUtf8, "a text message must be UTF-8");
}
