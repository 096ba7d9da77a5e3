import { type Decoder, ProtocolError } from "../bytes/decoder.ts";
import { encodeFrame, Framer } from "../bytes/framer.ts";
import { parseHeaderFormat } from "../bytes/header.ts";
import { Lines } from "../bytes/lines.ts";
import { nextTurn } from "../next-turn.ts";
import { formatAddress } from "./address.ts";
import type { ByteQueue } from "./byte-queue.ts";
import type { Peer } from "./peer.ts";
import type { Connection } from "./protocol.ts";

/** The bounds of what a peer may send in one piece; bytes and milliseconds. */
export interface PeerLimits {
  readonly maxLine: number;
  readonly maxFrame: number;
  /** What a handler that does not await its writes may have waiting behind a large one. */
  readonly maxOutbox: number;
  /** A line or frame that was begun must be complete. */
  readonly messageMs: number;
}

/** The peer has gone, so that nothing can be written. Not a fault of the handler that hears it. */
export class PeerGoneError extends Error {
  override readonly name = "PeerGoneError";
  constructor() {
    super("the peer has gone");
  }
}

/** A larger write goes in pieces, so that it needs no more room in the outbox than a small one. */
const PIECE = 256 * 1024;
/** What was written, or decoded, in one go before everybody else has a turn. Calls cost as much as some bytes. */
const GO_BYTES = 256 * 1024;
const CALL_BYTES = 1024;

/** How the peer is read: chosen by the first call, and then for good. */
interface Reading {
  readonly how: string;
  readonly messages: AsyncGenerator<unknown>;
  /** Last words in the peer's own language. */
  say(text: string): Uint8Array | undefined;
}

/** A connection as a {@link Peer}: the reading side is a queue that the session fills. */
export class StreamPeer implements Peer {
  readonly remote: string;
  private reading: Reading | null = null;
  private decoder: Decoder<unknown> | null = null;
  private timed = false;
  private inOneGo = 0;
  /** The last write, while one that goes in pieces is under way; null otherwise. */
  private last: Promise<void> | null = null;
  /** Bytes of the writes that wait for their turn behind others. */
  private behind = 0;

  constructor(
    private readonly conn: Connection,
    private readonly input: ByteQueue,
    private readonly limits: PeerLimits,
  ) {
    this.remote = formatAddress(conn.remote);
  }

  /** Bytes held of a message that is not complete. */
  get buffered(): number {
    return this.decoder?.buffered ?? 0;
  }

  lines(): AsyncIterable<string> {
    return this.read("lines()", () => this.decodeLines(), sayLine);
  }

  chunks(): AsyncIterable<Uint8Array> {
    return this.read("chunks()", () => this.takeChunks(), sayLine);
  }

  frames(format = "!I"): AsyncIterable<Uint8Array> {
    const header = parseHeaderFormat(format);
    const say = (text: string) => (text.length > header.most ? undefined : encodeFrame(header, Buffer.from(text)));
    const decode = () => this.decodeFrames(new Framer(header, this.limits.maxFrame));
    return this.read(`frames("${format}")`, decode, say);
  }

  write(data: string | Uint8Array): Promise<void> {
    // Of bytes this makes a copy: the handler may go on using its own.
    return this.send(Buffer.from(data));
  }

  async writeFrame(body: string | Uint8Array, format = "!I"): Promise<void> {
    await this.send(encodeFrame(parseHeaderFormat(format), typeof body === "string" ? Buffer.from(body) : body));
  }

  /** Last words as the peer understands them; a line, if nothing is known of it. */
  say(text: string): Uint8Array | undefined {
    return (this.reading?.say ?? sayLine)(text);
  }

  private send(bytes: Uint8Array): Promise<void> {
    const small = this.last === null && bytes.length <= PIECE;
    const sent = small ? this.sendPiece(bytes) : this.sendInPieces(bytes);
    // A write that nobody awaits must not end the process when the peer has gone.
    sent.catch(() => {});
    return sent;
  }

  private async sendPiece(bytes: Uint8Array): Promise<void> {
    if (this.conn.state !== "open") throw new PeerGoneError();
    const room = this.conn.send(bytes) || (await this.conn.drained());
    if (!room) throw new PeerGoneError();
    await this.giveTurn(bytes.length);
  }

  /** What is written meanwhile waits behind it, so that nothing overtakes. */
  private sendInPieces(bytes: Uint8Array): Promise<void> {
    const before = this.last;
    if (before !== null) this.behind += bytes.length;
    if (this.behind > this.limits.maxOutbox) this.conn.kill({ kind: "slow", pending: this.behind });
    const sent = (before === null ? this.sendAll(bytes) : this.sendBehind(before, bytes)).finally(() => {
      if (this.last === sent) this.last = null;
    });
    this.last = sent;
    return sent;
  }

  private async sendBehind(before: Promise<void>, bytes: Uint8Array): Promise<void> {
    await before;
    this.behind -= bytes.length;
    await this.sendAll(bytes);
  }

  private async sendAll(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += PIECE) await this.sendPiece(bytes.subarray(at, at + PIECE));
  }

  private read<M>(how: string, start: () => AsyncGenerator<M>, say: Reading["say"]): AsyncIterable<M> {
    this.reading ??= { how, messages: start(), say };
    if (this.reading.how !== how) {
      throw new Error(`this peer is read by ${this.reading.how}; it cannot be read by ${how} as well`);
    }
    const messages = this.reading.messages as AsyncGenerator<M>;
    // Without a `return`, so that a loop that is left can be followed by another.
    return { [Symbol.asyncIterator]: () => ({ next: () => messages.next() }) };
  }

  private async *takeChunks(): AsyncGenerator<Uint8Array> {
    for (let chunk = await this.input.take(); chunk !== null; chunk = await this.input.take()) yield chunk;
  }

  private async *decodeLines(): AsyncGenerator<string> {
    for await (const line of this.decode(new Lines(this.limits.maxLine))) {
      if (line !== null) {
        yield line;
        continue;
      }
      this.violate(`a line is longer than ${this.limits.maxLine} bytes`);
      return;
    }
  }

  private async *decodeFrames(framer: Framer): AsyncGenerator<Uint8Array> {
    for await (const { body } of this.decode(framer)) yield asBuffer(body);
  }

  private async *decode<M>(decoder: Decoder<M>): AsyncGenerator<M> {
    this.decoder = decoder;
    try {
      for (let chunk = await this.input.take(); chunk !== null; chunk = await this.input.take()) {
        for (const message of decoder.push(chunk)) {
          this.expectRest(false);
          yield message;
          await this.giveTurn(0);
        }
        this.expectRest(decoder.buffered > 0);
      }
      if (this.input.complete) yield* decoder.end();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.violate(error.message);
    }
  }

  /** A message is half there, or no longer: its deadline begins once and counts until it is complete. */
  private expectRest(expected: boolean): void {
    if (expected === this.timed) return;
    this.timed = expected;
    this.conn.deadline("handshake", expected ? this.limits.messageMs : null);
  }

  private violate(detail: string): void {
    this.conn.finish(this.say(detail), { kind: "violation", detail });
  }

  /** After a good deal of work in one go, everybody else has a turn first. */
  private async giveTurn(bytes: number): Promise<void> {
    this.inOneGo += bytes + CALL_BYTES;
    if (this.inOneGo < GO_BYTES) return;
    this.inOneGo = 0;
    await nextTurn();
  }
}

function sayLine(text: string): Uint8Array {
  return Buffer.from(`${text}\r\n`);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
