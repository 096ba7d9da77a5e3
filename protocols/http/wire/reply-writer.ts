import type { Connection } from "../../../src/net/protocol.ts";
import { type FileBody, isFileBody, isStream, type Reply, type StreamBody } from "./reply.ts";
import { type ReplyFraming, replyHead, wholeReply } from "./reply-head.ts";
import type { RequestHead } from "./request-head.ts";

const END_OF_CHUNKS = Buffer.from("0\r\n\r\n");
const END_OF_CHUNK = Buffer.from("\r\n");

/** Writes the answers of one connection, each with the fields that say where it ends. */
export class ReplyWriter {
  /** The connection ends behind the answer that is next, or under way. */
  close = false;
  private stream: StreamBody | null = null;

  constructor(
    private readonly conn: Connection,
    private readonly date: () => string,
  ) {}

  /** Whether an answer is under way that goes on for as long as the peer likes. */
  get endless(): boolean {
    return this.stream?.endless === true;
  }

  /** Null: all of it is queued, and there is room for more. Never rejects. */
  write(head: RequestHead, reply: Reply): Promise<void> | null {
    const { body } = reply;
    if (!keepsAlive(head)) this.close = true;
    const framing = framingOf(reply, head);
    if (framing === "close") this.close = true;
    const { close, date } = this;
    let room = this.conn.send(replyHead(reply, { framing, close, date: date() }));
    if (body === null || head.method === "HEAD") {
      if (isFileBody(body)) body.done(true);
      else if (isStream(body)) body.cancel();
    } else if (isFileBody(body)) return this.sendFiles(body);
    else if (isStream(body)) return this.sendStream(body, framing === "chunked");
    else if (body.length > 0) room = this.conn.send(body);
    return room ? null : this.conn.drained().then(() => {});
  }

  /** An answer for a connection that ends with it. */
  lastWords(reply: Reply): Uint8Array {
    return wholeReply(reply, this.date());
  }

  /** Nobody is there to read the rest of an answer that has no end of its own. */
  cancelStream(): void {
    this.stream?.cancel();
  }

  private async sendFiles(body: FileBody): Promise<void> {
    let sent = 0;
    for (const segment of body.segments()) {
      if (segment instanceof Uint8Array) {
        this.conn.send(segment);
        sent += segment.length;
      } else {
        const taken = await this.conn.sendFile(segment);
        sent += taken;
        if (taken < segment.length) break;
      }
    }
    const whole = sent === body.length && this.conn.state !== "closed";
    body.done(whole);
    // The length was promised: only an end tells the peer that the rest is missing.
    if (!whole) this.conn.kill({ kind: "error", error: new Error("a file became shorter while it was sent") });
  }

  private async sendStream(body: StreamBody, chunked: boolean): Promise<void> {
    this.stream = body;
    try {
      for (let piece = await body.next(); piece !== null; piece = await body.next()) {
        if (piece.length > 0 && !(this.sendPiece(piece, chunked) || (await this.conn.drained()))) return;
      }
      if (chunked) this.conn.send(END_OF_CHUNKS);
    } catch (error) {
      this.conn.kill({ kind: "error", error: error instanceof Error ? error : new Error(String(error)) });
    } finally {
      this.stream = null;
      body.cancel();
    }
  }

  private sendPiece(piece: Uint8Array, chunked: boolean): boolean {
    if (!chunked) return this.conn.send(piece);
    this.conn.send(Buffer.from(`${piece.length.toString(16)}\r\n`, "latin1"));
    this.conn.send(piece);
    return this.conn.send(END_OF_CHUNK);
  }
}

/** RFC 9112, section 9.3. */
function keepsAlive({ minor, fields }: RequestHead): boolean {
  const wish = fields.get("connection");
  if (wish === undefined) return minor === 1;
  const words = wish.toLowerCase().split(/[\t ,]+/);
  return minor === 1 ? !words.includes("close") : words.includes("keep-alive");
}

function framingOf({ body }: Reply, { minor }: RequestHead): ReplyFraming {
  if (!isStream(body)) return "length";
  return minor === 1 ? "chunked" : "close";
}
