import type { Visitor } from "../../src/accounts/visitor.ts";
import type { Connection } from "../../src/net/protocol.ts";
import type { HttpError } from "./wire/http-error.ts";
import type { Reply } from "./wire/reply.ts";
import type { RequestBody } from "./wire/request-body.ts";
import type { RequestHead } from "./wire/request-head.ts";

/** Whose request is being answered. */
export interface Whose {
  /** Null: nothing is asked, or nobody knows yet by whom. */
  visitor: Visitor | null;
}

/** What answers the requests of every connection of a door. */
export interface Responder {
  /** A head, and each 16 KiB of a body, must come within so many milliseconds. */
  readonly messageMs: number;
  /** A connection may wait so long for its next request. */
  readonly idleMs: number;
  /**
   * Never throws and never rejects: what goes wrong is an answer too.
   * @param whose is told the visitor once it is known
   */
  answer(head: RequestHead, body: RequestBody, conn: Connection, whose: Whose): Reply | Promise<Reply>;
  /** The line of every answer that says the time, with its CR LF; made once a second. */
  dateField(): string;
  /** The answer to a request that could not be read. @param input what came of it, as far as it is at hand */
  refusal(error: HttpError, input?: Uint8Array): Reply;
}
