import { frame, type Message, readFrame } from "./frames.ts";
import type { TcpClient } from "./tcp.ts";

/** Bytes of a file as they came. */
export interface Chunk {
  readonly id: number;
  readonly offset: number;
  readonly bytes: Buffer;
}

/** A program that moves files in frames. */
export class FilesClient implements Disposable {
  /** Bytes of files that came, by the id of their get. */
  readonly came = new Map<number, number>();

  constructor(readonly tcp: TcpClient) {}

  async send(...bodies: (Message | Uint8Array)[]): Promise<void> {
    const frames = bodies.map((body) => frame(body instanceof Uint8Array ? body : JSON.stringify(body)));
    await this.tcp.write(Buffer.concat(frames));
  }

  /** Sends bytes of a file. */
  async put(id: number, offset: number, bytes: Uint8Array): Promise<void> {
    const head = Buffer.alloc(13);
    head[0] = 1;
    head.writeUInt32BE(id, 1);
    head.writeBigUInt64BE(BigInt(offset), 5);
    await this.send(Buffer.concat([head, bytes]));
  }

  /** The next message, or the next bytes of a file. */
  async next(ms?: number): Promise<Message | Chunk> {
    const body = await readFrame(this.tcp, ms);
    if (body[0] !== 1) return JSON.parse(body.toString());
    const chunk = { id: body.readUInt32BE(1), offset: Number(body.readBigUInt64BE(5)), bytes: body.subarray(13) };
    this.came.set(chunk.id, (this.came.get(chunk.id) ?? 0) + chunk.bytes.length);
    return chunk;
  }

  /** The next message that `wanted` takes; bytes of files and other messages before it are counted and dropped. */
  async until(wanted: (message: Message) => boolean, ms?: number): Promise<Message> {
    for (;;) {
      const next = await this.next(ms);
      if (!("bytes" in next && Buffer.isBuffer(next.bytes)) && wanted(next as Message)) return next as Message;
    }
  }

  /** Sends a request and waits for its answer. */
  async ask(message: Message, ms?: number): Promise<Message> {
    await this.send(message);
    return await this.until(({ id, ok }) => id === message["id"] && ok !== undefined, ms);
  }

  [Symbol.dispose](): void {
    this.tcp[Symbol.dispose]();
  }
}
