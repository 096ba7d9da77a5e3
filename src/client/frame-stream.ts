import { ProtocolError } from "../bytes/decoder.ts";
import { Framer } from "../bytes/framer.ts";
import type { HeaderFormat } from "../bytes/header.ts";
import { quote } from "../bytes/text.ts";
import type { Target } from "../net/address.ts";
import { isWireEvent, parseFields, textOf } from "./messages.ts";
import { Stream } from "./stream.ts";

/** The largest body taken from a server, whatever its own limit is. */
const MAX_BODY = 64 * 1024 * 1024;

/** Frames, one awaited after the other, for a client that asks and waits. */
export class FrameStream {
  private readonly framer: Framer;
  private readonly bodies: Uint8Array[] = [];
  private stream: Stream | null = null;
  private error: Error | null = null;
  private changed = Promise.withResolvers<void>();

  private constructor(header: HeaderFormat) {
    this.framer = new Framer(header, MAX_BODY);
  }

  /** Connects. Rejects as {@link Stream.connect} does. */
  static async connect(target: Target, header: HeaderFormat): Promise<FrameStream> {
    const frames = new FrameStream(header);
    frames.stream = await Stream.connect(target, {
      data: (chunk) => frames.data(chunk),
      closed: (error) => frames.fail(error ?? new Error("closed the connection without an answer")),
    });
    return frames;
  }

  write(bytes: Uint8Array): void {
    this.stream?.write(bytes);
  }

  /** The next body. Rejects when the server closes instead: with its last words, if it had any. */
  async read(): Promise<Uint8Array> {
    for (;;) {
      const body = this.bodies.shift();
      if (body !== undefined) {
        const words = lastWords(body);
        if (words === null) return body;
        throw new Error(`says: ${quote(words, 500)}`);
      }
      if (this.error) throw this.error;
      await this.changed.promise;
    }
  }

  close(why = new Error("closed the connection")): void {
    this.fail(why);
    this.stream?.close();
  }

  private data(chunk: Uint8Array): void {
    try {
      for (const { body } of this.framer.push(chunk)) this.bodies.push(body);
      this.wake();
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      this.close(new Error("does not answer in frames of this format", { cause }));
    }
  }

  private fail(error: Error): void {
    this.error ??= error;
    this.wake();
  }

  private wake(): void {
    this.changed.resolve();
    this.changed = Promise.withResolvers<void>();
  }
}

/** What a server says before it closes (`{"event":"bye",…}`); null when a frame is anything else, such as an echo. */
export function lastWords(body: Uint8Array): string | null {
  if (body[0] !== 0x7b) return null;
  const fields = parseFields(body);
  return fields !== null && isWireEvent(fields) && fields.event === "bye" ? textOf(fields, "text") : null;
}
