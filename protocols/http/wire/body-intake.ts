import type { Connection } from "../../../src/net/protocol.ts";
import { type BodyDecoder, bodyDecoder } from "./body-decoder.ts";
import { type BodyLength, bodyLengthOf } from "./body-length.ts";
import { MalformedError } from "./http-error.ts";
import { RequestBody } from "./request-body.ts";
import type { RequestHead } from "./request-head.ts";

/** A body must bring this much in each span of the message deadline: a peer may be slow, but not for ever. */
const LEAST_BYTES = 16 * 1024;

const CONTINUE = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n");

/** What is left of an input, and what must settle before more is given. */
export interface Fed {
  readonly rest: Uint8Array | null;
  readonly wait: Promise<void> | null;
}

/** Brings the body of one request from the connection's bytes to its reader. */
export class BodyIntake {
  readonly body: RequestBody;
  private readonly decoder: BodyDecoder;
  private sinceDeadline = 0;

  private constructor(
    length: Exclude<BodyLength, 0>,
    private readonly conn: Connection,
    private readonly messageMs: number,
    /** The peer sends nothing of it before it is told to. */
    awaited: boolean,
  ) {
    this.body = new RequestBody(length === "chunked" ? null : length);
    this.decoder = bodyDecoder(length);
    // Until somebody reads it, it is not the peer who takes its time.
    conn.deadline("handshake", null);
    this.body.onWanted = () => {
      conn.deadline("handshake", messageMs);
      if (awaited) conn.send(CONTINUE);
    };
  }

  /**
   * Null: the request has no body.
   * @param messageMs each {@link LEAST_BYTES} must come within so many milliseconds, from when somebody reads the body on
   * @throws MalformedError
   */
  static of(head: RequestHead, conn: Connection, messageMs: number): BodyIntake | null {
    const length = bodyLengthOf(head);
    if (length === 0) return null;
    // RFC 9110, section 10.1.1: in HTTP/1.0 it means nothing.
    const awaited = head.minor > 0 && head.fields.get("expect")?.toLowerCase() === "100-continue";
    return new BodyIntake(length, conn, messageMs, awaited);
  }

  /** Whether its last byte has come. */
  get done(): boolean {
    return this.decoder.done;
  }

  /** Takes what belongs to the body from the front of an input. @throws MalformedError */
  feed(input: Uint8Array): Fed {
    const { body, decoder } = this;
    if (!body.isWanted) return { rest: input, wait: body.wanted };
    const { data, used } = this.take(input);
    const wait = data === null || data.length === 0 ? null : body.feed(data);
    this.watchRate(used);
    if (decoder.done) {
      this.conn.deadline("handshake", null);
      if (wait === null) body.end();
      else void wait.then(() => body.end());
    }
    return { rest: used < input.length ? input.subarray(used) : null, wait };
  }

  private take(input: Uint8Array) {
    try {
      return this.decoder.take(input);
    } catch (error) {
      if (error instanceof MalformedError) this.body.fail(error);
      throw error;
    }
  }

  private watchRate(bytes: number): void {
    this.sinceDeadline += bytes;
    if (this.sinceDeadline < LEAST_BYTES || this.decoder.done) return;
    this.sinceDeadline = 0;
    this.conn.deadline("handshake", this.messageMs);
  }
}
