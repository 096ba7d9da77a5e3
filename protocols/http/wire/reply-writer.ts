import type { Connection } from "../../../src/net/protocol.ts";
import { errorOf } from "../../../src/thrown.ts";
import { asChunk, END_OF_CHUNKS } from "./chunk.ts";
import { type FileBody, isFileBody, isPush, isStream, type PushBody, type Reply, type StreamBody } from "./reply.ts";
import { type ReplyFraming, replyHead, wholeReply } from "./reply-head.ts";
import type { RequestHead } from "./request-head.ts";

/** A body up to this size is copied behind its head, because that is cheaper than a second buffer to send. */
const MOST_JOINED = 8 * 1024;

/** Knows the line of an answer that says the time. */
interface Dated {
  dateField(): string;
}

/** Writes the answers of one connection, each with the fields that say where it ends. */
export class ReplyWriter {
  /** The connection ends behind the answer that is next, or under way. */
  close = false;
  private stream: StreamBody | null = null;
  private push: PushBody | null = null;

  constructor(
    private readonly conn: Connection,
    private readonly clock: Dated,
  ) {}

  /** Whether an answer is under way that goes on for as long as the peer likes. */
  get endless(): boolean {
    return this.push !== null;
  }

  /** Null: all of it is queued, and there is room for more. Never rejects. */
  write(head: RequestHead, reply: Reply): Promise<void> | null {
    const { body } = reply;
    if (!keepsAlive(head)) this.close = true;
    const framing = framingOf(reply, head);
    if (framing === "close") this.close = true;
    const persistence = this.close ? "close" : head.minor === 0 ? "keep-alive" : null;
    const bare = body === null || hasNoBody(head, reply);
    const joined = !bare && body instanceof Uint8Array && body.length <= MOST_JOINED ? body : undefined;
    let room = this.conn.send(replyHead(reply, { framing, persistence, date: this.clock.dateField() }, joined));
    if (joined !== undefined) return this.whenRoom(room);
    if (bare) release(body, true);
    else if (isFileBody(body)) return this.sendFiles(body);
    else if (isStream(body)) return this.sendStream(body, framing === "chunked");
    else if (isPush(body)) return this.sendPushed(body, framing === "chunked");
    else if (body.length > 0) room = this.conn.send(body);
    return this.whenRoom(room);
  }

  /** What the answer holds is given back: nobody is there to get it. */
  dismiss({ body }: Reply): void {
    release(body, false);
  }

  private whenRoom(room: boolean): Promise<void> | null {
    return room ? null : this.conn.drained().then(() => {});
  }

  /** An answer for a connection that ends with it. */
  lastWords(reply: Reply): Uint8Array {
    return wholeReply(reply, this.clock.dateField());
  }

  /** Nobody is there to read the rest of an answer that is made while it is sent. */
  cancelStream(): void {
    this.stream?.cancel();
    this.push?.cancel();
  }

  /** Ends an answer that has no end of its own. */
  finishEndless(): void {
    this.push?.finish();
  }

  private async sendFiles(body: FileBody): Promise<void> {
    let whole = false;
    try {
      whole = (await this.sendSegments(body)) === body.length && this.conn.state !== "closed";
      // The length was promised: only an end tells the peer that the rest is missing.
      if (!whole) this.fail(new Error("a file became shorter while it was sent"));
    } catch (error) {
      this.fail(error);
    } finally {
      body.done(whole);
    }
  }

  /** The bytes that were taken. */
  private async sendSegments(body: FileBody): Promise<number> {
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
    return sent;
  }

  private fail(error: unknown): void {
    this.conn.kill({ kind: "error", error: errorOf(error) });
  }

  private async sendStream(body: StreamBody, chunked: boolean): Promise<void> {
    this.stream = body;
    try {
      for (let piece = await body.next(); piece !== null; piece = await body.next()) {
        if (piece.length > 0 && !(this.sendPiece(piece, chunked) || (await this.conn.drained()))) return;
      }
      if (chunked) this.conn.send(END_OF_CHUNKS);
    } catch (error) {
      this.fail(error);
    } finally {
      this.stream = null;
      body.cancel();
    }
  }

  private sendPiece(piece: Uint8Array, chunked: boolean): boolean {
    return this.conn.send(chunked ? asChunk(piece) : piece);
  }

  private sendPushed(body: PushBody, chunked: boolean): Promise<void> {
    const { conn } = this;
    this.push = body;
    return new Promise((resolve) => {
      const end = () => {
        if (this.push !== body) return;
        this.push = null;
        if (chunked) conn.send(END_OF_CHUNKS);
        resolve();
      };
      try {
        body.open({ chunked, send: (piece) => conn.send(piece), drained: () => conn.drained(), end });
      } catch (error) {
        this.fail(error);
        end();
      }
    });
  }
}

function release(body: Reply["body"], whole: boolean): void {
  if (isFileBody(body)) body.done(whole);
  else if (isStream(body) || isPush(body)) body.cancel();
}

/** RFC 9110, sections 9.3.2, 15.3.5 and 15.4.5: whatever the fields say. */
function hasNoBody({ method }: RequestHead, { status }: Reply): boolean {
  return method === "HEAD" || status === 204 || status === 304;
}

/** RFC 9112, section 9.3. */
function keepsAlive({ minor, fields }: RequestHead): boolean {
  const wish = fields.get("connection");
  if (wish === undefined) return minor === 1;
  const words = wish.toLowerCase().split(/[\t ,]+/);
  return minor === 1 ? !words.includes("close") : words.includes("keep-alive");
}

function framingOf({ body }: Reply, { minor }: RequestHead): ReplyFraming {
  if (!isStream(body) && !isPush(body)) return "length";
  return minor === 1 ? "chunked" : "close";
}
