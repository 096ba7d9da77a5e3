import { close, connected, EAGAIN, Memory, POLLIN, poll, recv, send } from "./libc.ts";
import { spin } from "./spin.ts";

/** What was received, and the hash that came with it: null when none did. */
export interface Received {
  readonly bytes: number;
  readonly sha256: string | null;
  readonly seconds: number;
}

/** What makes sense of a stream. */
interface Reader {
  /** Whether there is nothing more to come. @throws Error when what came is wrong */
  take(bytes: Buffer): boolean;
}

const scratch = new Memory(1 << 18);
const HEADER = 4;
const CHUNK_HEAD = 13;
const CHUNK_MARK = 0x01;
const HEX = 64;

/**
 * Gets a file over frames. The bytes are looked at only to find the next header, so that the client, like curl, costs less
 * than the server.
 */
export async function receiveFramed(port: number, path: string, hash: boolean): Promise<Received> {
  const reader = new FrameReader();
  const hello = { op: "hello", v: 1, service: "files", id: 1 };
  const get = { op: "get", path, id: 2, ...(hash ? {} : { hash: "none" }) };
  const seconds = await receive(port, Buffer.concat([hello, get].map(frame)), reader);
  return { bytes: reader.bytes, sha256: reader.sha256, seconds };
}

/** Gets a file that comes as it is, with its SHA-256 in hex behind it, until the connection ends. */
export async function receiveRaw(port: number): Promise<Received> {
  let bytes = 0;
  let tail = "";
  const seconds = await receive(port, Buffer.alloc(0), {
    take(piece) {
      bytes += piece.length;
      tail = (tail + piece.subarray(-HEX).toString("latin1")).slice(-HEX);
      return false;
    },
  });
  return { bytes: bytes - HEX, sha256: tail, seconds };
}

async function receive(port: number, ask: Buffer, reader: Reader): Promise<number> {
  const fd = connected(port, "tcp");
  const pollfd = new Memory(8);
  pollfd.bytes.writeInt32LE(fd, 0);
  pollfd.bytes.writeInt16LE(POLLIN, 4);
  const began = performance.now();
  let done = false;
  try {
    const question = Memory.of(ask);
    if (ask.length > 0 && send(fd, question.at, ask.length) !== ask.length) throw new Error("asking failed");
    const step = () => {
      if (poll(pollfd.at, 1, 1) <= 0) return false;
      const size = recv(fd, scratch.at, scratch.bytes.length);
      if (size === -EAGAIN) return false;
      if (size < 0) throw new Error(`receiving failed with errno ${-size}`);
      done = size === 0 || reader.take(scratch.bytes.subarray(0, size));
      return !done;
    };
    await spin(step, () => done);
  } finally {
    close(fd);
  }
  return (performance.now() - began) / 1000;
}

function frame(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  const header = Buffer.alloc(HEADER);
  header.writeUInt32BE(body.length);
  return Buffer.concat([header, body]);
}

/** Counts the bytes of chunks and reads everything else. */
class FrameReader implements Reader {
  bytes = 0;
  sha256: string | null = null;
  /** Bytes of the chunk that are still to come. */
  private left = 0;
  /** What came of a frame whose beginning is not whole, or which is no chunk. */
  private begun: Buffer = Buffer.alloc(0);

  take(piece: Buffer): boolean {
    for (let rest = piece; rest.length > 0; ) {
      if (this.left > 0) {
        const skipped = Math.min(this.left, rest.length);
        this.left -= skipped;
        this.bytes += skipped;
        rest = rest.subarray(skipped);
        continue;
      }
      const known = this.begun.length;
      const begun = known === 0 ? rest : Buffer.concat([this.begun, rest]);
      const used = this.begin(begun);
      if (used === 0) {
        this.begun = Buffer.from(begun);
        return false;
      }
      if (used < 0) return true;
      this.begun = Buffer.alloc(0);
      rest = rest.subarray(used - known);
    }
    return false;
  }

  /** Bytes of the frame's beginning; 0 when it is not whole yet, -1 when this was the last frame. */
  private begin(bytes: Buffer): number {
    if (bytes.length < HEADER + 1) return 0;
    const length = bytes.readUInt32BE(0);
    if (bytes[HEADER] === CHUNK_MARK) {
      if (bytes.length < HEADER + CHUNK_HEAD) return 0;
      const offset = Number(bytes.readBigUInt64BE(HEADER + 5));
      if (offset !== this.bytes) throw new Error(`a chunk has the offset ${offset} instead of ${this.bytes}`);
      this.left = length - CHUNK_HEAD;
      return HEADER + CHUNK_HEAD;
    }
    if (bytes.length < HEADER + length) return 0;
    const text = bytes.toString("utf8", HEADER, HEADER + length);
    const message: { ok?: boolean; event?: string; sha256?: string; error?: unknown } = JSON.parse(text);
    if (message.ok === false || message.error !== undefined) throw new Error(`the server said ${text}`);
    this.sha256 = message.sha256 ?? null;
    return message.event === "end" ? -1 : HEADER + length;
  }
}
