import { ProtocolError } from "../bytes/decoder.ts";
import { encodeFrame, Framer } from "../bytes/framer.ts";
import { parseHeaderFormat } from "../bytes/header.ts";
import type { Target } from "../net/address.ts";
import { isChunk, readChunk } from "./chunk.ts";
import {
  type Answer,
  type Fields,
  isWireEvent,
  parseFields,
  type Refused,
  refusalOf,
  type WireEvent,
} from "./messages.ts";
import { type ConnectOptions, Stream } from "./stream.ts";

/** The framed door's port with the usual base. */
export const FRAMED_PORT = 8400;

const HEADER = parseHeaderFormat("!I");
/** The largest body taken from a server, whatever its own limit is. */
const MAX_BODY = 16 * 1024 * 1024;

/** The connection ended before an answer came; whether the request was carried out is not known. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

/** The far end does not speak frames of JSON. */
export class ForeignProtocol extends Error {
  override readonly name = "ForeignProtocol";

  /** @param tls it answered with an alert of TLS */
  constructor(
    message: string,
    readonly tls = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface WireListener {
  /** What the server says unasked; `body` is the frame's body. */
  event(event: WireEvent, body: Uint8Array): void;
  /** Exactly once, always last. Every request without an answer has been settled before. */
  closed(error: Error | null): void;
}

/** Who is told what belongs to a transfer, from its answer on. */
export interface Follower {
  /** Bytes of the file from this offset on; a view that is the follower's. */
  chunk(offset: number, bytes: Uint8Array): void;
  /** `{"id":N,"event":"end",…}`, or why the server breaks it off. */
  event(event: WireEvent | Refused): void;
  /** The connection ended first. */
  lost(error: ConnectionLost): void;
}

/** Called when the answer came, in its place among the events of the connection. */
export type Settle = (outcome: Answer | Error) => void;

/**
 * Requests and answers as JSON in frames. Answers and events are told synchronously in the order of the wire, because
 * the order of a say's answer and the messages around it is the order of the room.
 */
export class Wire {
  private readonly framer = new Framer(HEADER, MAX_BODY);
  private readonly waiting = new Map<number, Settle>();
  private readonly followers = new Map<number, Follower>();
  private room: PromiseWithResolvers<void> | null = null;
  #paused = false;
  #activity = 0;
  private stream: Stream | null = null;
  private lastId = 0;
  private closing = false;
  private error: Error | null = null;

  private constructor(private readonly listener: WireListener) {}

  /** Connects. Rejects as {@link Stream.connect} does. */
  static async connect(target: Target, listener: WireListener, o: ConnectOptions = {}): Promise<Wire> {
    const wire = new Wire(listener);
    wire.stream = await Stream.connect(
      target,
      {
        data: (chunk) => wire.data(chunk),
        drained: () => wire.drained(),
        closed: (error) => wire.ended(error),
      },
      o,
    );
    return wire;
  }

  get open(): boolean {
    return !this.closing;
  }

  /** Sends a request. `settle` gets the answer, a {@link Refused} or {@link ConnectionLost}, once. Gives the request's id. */
  send(op: string, fields: Fields, settle: Settle): number {
    this.lastId += 1;
    const id = this.lastId;
    if (this.closing) {
      settle(new ConnectionLost("the connection is closed"));
      return id;
    }
    this.waiting.set(id, settle);
    this.stream?.write(encodeFrame(HEADER, Buffer.from(JSON.stringify({ op, ...fields, id }))));
    return id;
  }

  /** The same, as a promise: for requests whose place among the events does not matter. */
  ask(op: string, fields: Fields = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.send(op, fields, (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
    });
  }

  /**
   * From the answer to the request `id` on, tells `follower` what belongs to it. Must be called before the answer's
   * `settle` returns.
   */
  follow(id: number, follower: Follower): void {
    this.followers.set(id, follower);
  }

  unfollow(id: number): void {
    this.followers.delete(id);
  }

  /** Sends a sealed chunk; resolves when more may follow. Rejects with ConnectionLost. */
  async sendChunk(frame: Uint8Array): Promise<void> {
    if (this.closing) throw new ConnectionLost("the connection is closed");
    if (this.stream?.write(frame) !== false) return;
    this.room ??= Promise.withResolvers<void>();
    await this.room.promise;
  }

  /** Grows whenever the peer sends something or takes what waited for it: whoever sees it stand still may ask. */
  get activity(): number {
    return this.#activity;
  }

  /** Whether the server is not listened to at the moment. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Takes nothing off the network until `resume`: for whoever cannot keep up. */
  pause(): void {
    this.#paused = true;
    this.stream?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.stream?.resume();
  }

  /** Sends what is queued, then says goodbye to the server, which closes. */
  finish(): void {
    this.stream?.finish();
  }

  /** Closes now. */
  close(error: Error | null = null): void {
    this.closing = true;
    this.error ??= error;
    this.stream?.close();
  }

  private data(chunk: Uint8Array): void {
    this.#activity += 1;
    try {
      for (const { body } of this.framer.push(chunk)) this.receive(body);
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      this.close(new ForeignProtocol("the far end does not speak tincan's frames", isTlsAlert(chunk), { cause }));
    }
  }

  private receive(body: Uint8Array): void {
    if (this.closing) return;
    if (isChunk(body)) {
      this.chunk(body);
      return;
    }
    const message = parseFields(body);
    if (message === null) {
      this.close(new ForeignProtocol("the far end sent a frame that is not a JSON object"));
    } else if (isWireEvent(message)) {
      const follower = this.followerOf(message);
      if (follower) follower.event(message);
      else this.listener.event(message, body);
    } else {
      this.answer(message);
    }
  }

  private chunk(body: Uint8Array): void {
    const chunk = readChunk(body);
    const follower = chunk === null ? undefined : this.followers.get(chunk.id);
    if (chunk && follower) follower.chunk(chunk.offset, chunk.bytes);
    else this.close(new ForeignProtocol("the far end sent bytes of a file that was not asked for"));
  }

  private followerOf({ id }: Fields): Follower | undefined {
    return typeof id === "number" ? this.followers.get(id) : undefined;
  }

  private answer(message: Fields): void {
    const id = message["id"];
    const settle = typeof id === "number" ? this.waiting.get(id) : undefined;
    if (typeof id !== "number" || settle === undefined) {
      const follower = this.followerOf(message);
      // An upload may be broken off after it was granted.
      if (follower && message["ok"] !== true) {
        follower.event(refusalOf(message));
        return;
      }
      this.close(new ForeignProtocol("the far end answered what was not asked"));
      return;
    }
    this.waiting.delete(id);
    settle(message["ok"] === true ? { ...message, ok: true } : refusalOf(message));
  }

  private drained(): void {
    this.#activity += 1;
    this.room?.resolve();
    this.room = null;
  }

  private ended(error: Error | null): void {
    this.closing = true;
    const why = this.error ?? error;
    for (const settle of this.waiting.values()) {
      settle(new ConnectionLost("the connection was lost before the answer came", { cause: why }));
    }
    this.waiting.clear();
    for (const follower of [...this.followers.values()]) {
      follower.lost(new ConnectionLost("the connection was lost in the middle of the file", { cause: why }));
    }
    this.followers.clear();
    this.drained();
    this.listener.closed(why);
  }
}

/** RFC 8446, section 5.1: a record of type alert, and the major version that all have. */
function isTlsAlert([type, major]: Uint8Array): boolean {
  return type === 21 && major === 3;
}
