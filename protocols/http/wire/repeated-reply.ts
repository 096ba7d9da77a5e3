import type { Reply } from "./reply.ts";
import { replyHead } from "./reply-head.ts";

/**
 * An answer that the same request of the same connection may get again. Whoever asks for one small file many thousand times a
 * second gets it in one write of bytes that are there already: 4.6 us instead of 45 (measured).
 */
export class RepeatedReply {
  private date = "";
  private bytes: Uint8Array | null = null;

  /** @param isFresh whether it is still what a request would be answered now; asked every time */
  constructor(
    private reply: (Reply & { readonly body: Uint8Array }) | null,
    private readonly isFresh: () => boolean,
  ) {}

  /**
   * All of it, head included, for a connection that goes on; null when it is none any more.
   * @param date the line with the time
   */
  at(date: string): Uint8Array | null {
    if (this.reply === null || !this.isFresh()) return null;
    if (this.bytes === null || date !== this.date) this.bytes = this.make(this.reply, date);
    return this.bytes;
  }

  /** The answer without what a connection adds to it; null when it is none any more. */
  get current(): (Reply & { readonly body: Uint8Array }) | null {
    return this.reply !== null && this.isFresh() ? this.reply : null;
  }

  /** It is no answer any more, and keeps nothing in memory, whoever remembers it. */
  forget(): void {
    this.reply = null;
    this.bytes = null;
  }

  private make(reply: Reply & { readonly body: Uint8Array }, date: string): Uint8Array {
    this.date = date;
    return Buffer.concat([replyHead(reply, { framing: "length", persistence: null, date }), reply.body]);
  }
}

/** Longer requests are looked at each time: a connection keeps its last one for as long as it is idle, and nothing counts it. */
const LONGEST_QUESTION = 1024;

/** A request whose answer may be repeated, within the second in which it was given: then it is looked at anew. */
export class Repetition {
  private constructor(
    private readonly question: Buffer,
    private readonly reply: RepeatedReply,
    private readonly date: string,
  ) {}

  /** Null: it is too long. */
  static of(question: Uint8Array, reply: RepeatedReply, date: string): Repetition | null {
    // A copy: it may be lent.
    return question.length > LONGEST_QUESTION ? null : new Repetition(Buffer.from(question), reply, date);
  }

  /** Null when it is another request, or the answer would be another. */
  answer(chunk: Uint8Array, date: string): Uint8Array | null {
    return date === this.date && this.question.equals(chunk) ? this.reply.at(date) : null;
  }
}
