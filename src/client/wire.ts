import { ProtocolError } from "../bytes/decoder.ts";
import { encodeFrame, Framer } from "../bytes/framer.ts";
import { parseHeaderFormat } from "../bytes/header.ts";
import type { Target } from "../net/address.ts";
import { type Answer, type Fields, isWireEvent, parseFields, refusalOf, type WireEvent } from "./messages.ts";
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
}

export interface WireListener {
  /** What the server says unasked; `body` is the frame's body. */
  event(event: WireEvent, body: Uint8Array): void;
  /** Exactly once, always last. Every request without an answer has been settled before. */
  closed(error: Error | null): void;
}

/** Called when the answer came, in its place among the events of the connection. */
export type Settle = (outcome: Answer | Error) => void;

/**
 * Requests and answers as JSON in frames. Answers and events are told synchronously in the order of the wire, because
 * the order of a say's answer and the messages around it is the order of the room.
 */
export class Wire {
  readonly #framer = new Framer(HEADER, MAX_BODY);
  readonly #waiting = new Map<number, Settle>();
  #stream: Stream | null = null;
  #lastId = 0;
  #closing = false;
  #error: Error | null = null;

  private constructor(private readonly listener: WireListener) {}

  /** Connects. Rejects as {@link Stream.connect} does. */
  static async connect(target: Target, listener: WireListener, o: ConnectOptions = {}): Promise<Wire> {
    const wire = new Wire(listener);
    wire.#stream = await Stream.connect(
      target,
      {
        data: (chunk) => wire.#data(chunk),
        closed: (error) => wire.#ended(error),
      },
      o,
    );
    return wire;
  }

  get open(): boolean {
    return !this.#closing;
  }

  /** Sends a request. `settle` gets the answer, a {@link Refused} or {@link ConnectionLost}, once. */
  send(op: string, fields: Fields, settle: Settle): void {
    if (this.#closing) {
      settle(new ConnectionLost("the connection is closed"));
      return;
    }
    this.#lastId += 1;
    const id = this.#lastId;
    this.#waiting.set(id, settle);
    this.#stream?.write(encodeFrame(HEADER, Buffer.from(JSON.stringify({ op, ...fields, id }))));
  }

  /** The same, as a promise: for requests whose place among the events does not matter. */
  ask(op: string, fields: Fields = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.send(op, fields, (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
    });
  }

  /** Sends what is queued, then says goodbye to the server, which closes. */
  finish(): void {
    this.#stream?.finish();
  }

  /** Closes now. */
  close(error: Error | null = null): void {
    this.#closing = true;
    this.#error ??= error;
    this.#stream?.close();
  }

  #data(chunk: Uint8Array): void {
    try {
      for (const { body } of this.#framer.push(chunk)) this.#receive(body);
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      this.close(new ForeignProtocol("the far end does not speak tincan's frames", { cause }));
    }
  }

  #receive(body: Uint8Array): void {
    if (this.#closing) return;
    const message = parseFields(body);
    if (message === null) {
      this.close(new ForeignProtocol("the far end sent a frame that is not a JSON object"));
    } else if (isWireEvent(message)) {
      this.listener.event(message, body);
    } else {
      this.#answer(message);
    }
  }

  #answer(message: Fields): void {
    const id = message["id"];
    const settle = typeof id === "number" ? this.#waiting.get(id) : undefined;
    if (typeof id !== "number" || settle === undefined) {
      this.close(new ForeignProtocol("the far end answered what was not asked"));
      return;
    }
    this.#waiting.delete(id);
    settle(message["ok"] === true ? { ...message, ok: true } : refusalOf(message));
  }

  #ended(error: Error | null): void {
    this.#closing = true;
    const why = this.#error ?? error;
    for (const settle of this.#waiting.values()) {
      settle(new ConnectionLost("the connection was lost before the answer came", { cause: why }));
    }
    this.#waiting.clear();
    this.listener.closed(why);
  }
}
