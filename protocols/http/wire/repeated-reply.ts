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

/** A request whose answer may be repeated, within the second in which it was given: then it is looked at anew. */
export class Repetition {
  private readonly question: Buffer;

  constructor(
    question: Uint8Array,
    private readonly reply: RepeatedReply,
    private readonly date: string,
  ) {
    // A copy: it may be lent.
    this.question = Buffer.from(question);
  }

  /** Null when it is another request, or the answer would be another. */
  answer(chunk: Uint8Array, date: string): Uint8Array | null {
    return date === this.date && this.question.equals(chunk) ? this.reply.at(date) : null;
  }
}
