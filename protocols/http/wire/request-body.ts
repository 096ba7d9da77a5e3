import { errorOf } from "../../../src/thrown.ts";
import { HttpError } from "./http-error.ts";

/** Room that is made for a body at first; it grows as the bytes come. */
const FIRST_BYTES = 4 * 1024;

/** Gets a body's pieces in order. They are lent: what shall outlive the call is copied. A promise holds the peer up. */
export type BodySink = (piece: Uint8Array) => void | Promise<void>;

/** The peer went away, or stopped, before its body was whole. */
export class BodyCutError extends Error {
  override readonly name = "BodyCutError";

  constructor() {
    super("the connection ended before the body was whole");
  }
}

/** The body of one request, on its way from the connection to whoever handles the request. */
export class RequestBody {
  /** That of a request without one: the same for all, since nothing ever comes of it. */
  static readonly empty = new RequestBody(0);

  /** Called once, when somebody begins to read what has not come yet. */
  onWanted: (() => void) | null = null;
  private want: (() => void) | null = null;
  private collected = 0;
  private sink: BodySink | null = null;
  private ended: boolean;
  private failure: Error | null = null;
  private settle: { resolve: () => void; reject: (error: Error) => void } | null = null;

  /** @param length in bytes; null: nobody knows before its end */
  constructor(readonly length: number | null) {
    this.ended = length === 0;
  }

  /** Resolves when somebody reads it, or nobody will; for one who asks while it is not {@link RequestBody.isWanted}. */
  get wanted(): Promise<void> {
    return new Promise((resolve) => {
      this.want = resolve;
    });
  }

  /** Bytes of memory that hold what has come, for a reader that wants all of it at once. */
  get held(): number {
    return this.collected;
  }

  /** Whether all of it has been handed on. */
  get complete(): boolean {
    return this.ended;
  }

  /** Whether pieces that come are taken, or dropped. */
  get isWanted(): boolean {
    return this.sink !== null || this.failure !== null;
  }

  /** Hands all pieces to `sink` and resolves at the end. Rejects with {@link BodyCutError}, or with what the sink throws. */
  pipe(sink: BodySink): Promise<void> {
    if (this.ended) return Promise.resolve();
    this.sink = sink;
    const whole = new Promise<void>((resolve, reject) => {
      if (this.failure !== null) reject(this.failure);
      else this.settle = { resolve, reject };
    });
    if (this.settle !== null) this.onWanted?.();
    this.want?.();
    return whole;
  }

  /** All of it, at most `most` bytes. Rejects with an {@link HttpError} 413 over that. */
  async bytes(most: number): Promise<Uint8Array> {
    const over = () => new HttpError(413, "too-large", `the body is too long; send at most ${most} bytes`);
    if (this.length !== null && this.length > most) throw over();
    // One buffer for all pieces: a peer may send each byte in a chunk of its own.
    let taken = Buffer.allocUnsafeSlow(Math.min(this.length ?? most, FIRST_BYTES, most));
    let size = 0;
    await this.pipe((piece) => {
      const end = size + piece.length;
      if (end > most) throw over();
      if (end > taken.length) {
        const larger = Buffer.allocUnsafeSlow(Math.min(Math.max(2 * taken.length, end), most));
        taken.copy(larger, 0, 0, size);
        taken = larger;
      }
      taken.set(piece, size);
      size = end;
      this.collected = taken.length;
    });
    return taken.subarray(0, size);
  }

  /**
   * The connection brings a piece; only while it {@link RequestBody.isWanted}. A promise: bring no more before it has
   * settled.
   */
  feed(piece: Uint8Array): Promise<void> | null {
    if (this.failure !== null) return null;
    try {
      const busy = this.sink?.(piece);
      return busy === undefined ? null : busy.catch((error: unknown) => this.fail(error));
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /** The connection has brought its last piece. */
  end(): void {
    if (this.failure !== null) return;
    this.ended = true;
    this.settle?.resolve();
  }

  /** Nothing more will come of it, or nobody reads it any more: what still comes is dropped. */
  fail(error: unknown): void {
    if (this.ended || this.failure !== null) return;
    this.failure = errorOf(error);
    this.settle?.reject(this.failure);
    this.want?.();
  }
}
