import type { Connection, FileSlice, Session } from "../../../src/net/protocol.ts";
import type { RepeatedReply } from "./repeated-reply.ts";

/** Header fields by name, as they are written; null leaves one out. */
export type ReplyFields = Readonly<Record<string, string | null>>;

/**
 * Pieces of files, and bytes between them, whose length is known and that no memory holds. Where fewer come than that, the
 * connection ends, so that the peer does not take them for all.
 */
export interface FileBody {
  readonly length: number;
  /** Asked for the next one when the one before was taken. */
  segments(): Iterable<Uint8Array | FileSlice>;
  /** Exactly once, also for an answer without its body: whether all that was to be sent was taken. */
  done(whole: boolean): void;
}

/** Bytes that are made while they are sent. */
export interface StreamBody {
  /** The next piece, asked for when there is room for it; null at the end. A rejection ends the connection. */
  next(): Promise<Uint8Array | null>;
  /** The peer has gone, or all was said; a `next` that waits settles soon. Safe to call twice. */
  cancel(): void;
}

/** Where the pieces of a {@link PushBody} go. */
export interface PushOut {
  /** Whether each piece must be a chunk ({@link asChunk}); else it is sent as it is. */
  readonly chunked: boolean;
  /** As a connection's: the bytes may be shared with others, and nobody changes them again. */
  send(piece: Uint8Array): boolean;
  drained(): Promise<boolean>;
  /** All was said. Safe to call twice. */
  end(): void;
}

/**
 * Bytes that are sent when they come, for as long as the peer likes. A drain does not wait for them, and a peer that does
 * not read them is ended by what waits for it, as at every door.
 */
export interface PushBody {
  /** Begins, unless the answer goes without its body. */
  open(out: PushOut): void;
  /** The server stops: last words, and the end. */
  finish(): void;
  /** The peer has gone. Safe to call twice, and without an `open` before. */
  cancel(): void;
}

/** The answer to a request, as data; the session writes it. */
export interface Reply {
  readonly status: number;
  readonly fields: ReplyFields;
  readonly body: Uint8Array | FileBody | StreamBody | PushBody | null;
  /** The same request may be answered so again, on the same connection and within the same second. */
  readonly again?: RepeatedReply;
  /** The connection speaks something else behind this answer: 101. */
  readonly upgrade?: (conn: Connection) => Session;
  /** Who asked watches how the server is: while it drains, the connection stays open for one more question. */
  readonly watching?: true;
}

const JSON_TYPE = "application/json; charset=utf-8";

export function json(value: unknown, status = 200, fields: ReplyFields = {}): Reply {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  return { status, fields: { "Content-Type": JSON_TYPE, "Cache-Control": "no-store", ...fields }, body };
}

export function plain(text: string, status = 200, fields: ReplyFields = {}): Reply {
  return { status, fields: { "Content-Type": "text/plain; charset=utf-8", ...fields }, body: Buffer.from(text) };
}

/** An answer without a body. */
export function empty(status: number, fields: ReplyFields = {}): Reply {
  return { status, fields, body: null };
}

export function isFileBody(body: Reply["body"]): body is FileBody {
  return body !== null && "segments" in body;
}

export function isStream(body: Reply["body"]): body is StreamBody {
  return body !== null && "next" in body;
}

export function isPush(body: Reply["body"]): body is PushBody {
  return body !== null && "open" in body;
}
