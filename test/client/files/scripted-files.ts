import { createHash } from "node:crypto";
import type { Socket, TCPSocketListener } from "bun";
import { frame, type Message } from "../../support/frames.ts";

/** At most so many bytes of a file are in a chunk. */
const CHUNK = 256 * 1024;

interface Upload {
  readonly path: string;
  readonly size: number | undefined;
  bytes: Buffer;
}

/** Bytes that wait until the socket takes them. */
class Peer {
  /** Uploads by id. */
  readonly uploads = new Map<number, Upload>();
  private incoming = Buffer.alloc(0);
  private waiting: Buffer[] = [];
  #isDropped = false;

  constructor(private readonly socket: Socket<unknown>) {}

  get isDropped(): boolean {
    return this.#isDropped;
  }

  send(message: Message): void {
    this.sendBody(Buffer.from(JSON.stringify(message)));
  }

  sendBody(body: Uint8Array): void {
    this.waiting.push(frame(body));
    this.flush();
  }

  chunk(id: number, offset: number, bytes: Uint8Array): void {
    const head = Buffer.alloc(13);
    head.writeUInt8(1);
    head.writeUInt32BE(id, 1);
    head.writeBigUInt64BE(BigInt(offset), 5);
    this.sendBody(Buffer.concat([head, bytes]));
  }

  flush(): void {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      const taken = Math.max(0, this.socket.write(next));
      if (taken === next.length) continue;
      this.waiting.unshift(next.subarray(taken));
      return;
    }
  }

  /** Closes with what was sent before. */
  end(): void {
    this.socket.end();
  }

  /** Closes without a word. */
  drop(): void {
    this.waiting = [];
    this.#isDropped = true;
    this.socket.terminate();
  }

  push(chunk: Uint8Array): Buffer[] {
    this.incoming = Buffer.concat([this.incoming, chunk]);
    const bodies: Buffer[] = [];
    while (this.incoming.length >= 4 && this.incoming.length >= 4 + this.incoming.readUInt32BE()) {
      const end = 4 + this.incoming.readUInt32BE();
      bodies.push(Buffer.from(this.incoming.subarray(4, end)));
      this.incoming = this.incoming.subarray(end);
    }
    return bodies;
  }
}

type Handler = (request: Message, peer: Peer) => Message | null;

/**
 * A file server that has what a test gives it, on a free port. Its handlers can be exchanged to lie, to stop in the middle
 * and to fail at moments that a real server cannot be made to hit.
 */
export class ScriptedFiles implements Disposable {
  readonly files = new Map<string, Buffer>();
  readonly folders = new Set<string>(["/"]);
  /** What unfinished uploads left, by path. */
  readonly parts = new Map<string, Buffer>();
  readonly requests: Message[] = [];
  readonly peers = new Set<Peer>();
  mtime = 1_700_000_000_000;
  /** Answers by op; null: none. */
  readonly handlers: Record<string, Handler>;
  /** Called with the number of bytes of uploads that have come. */
  onBytes: (received: number, peer: Peer) => void = () => {};
  private readonly listener: TCPSocketListener<unknown>;

  constructor() {
    this.handlers = {
      hello: () => ({ v: 1, service: "files", server: "tincan/0.0.0", limits: { frame: 1048576 } }),
      stat: ({ path }) => this.withEntry(String(path), (entry) => ({ entry })),
      list: ({ path }) => ({ entries: this.entries(String(path)), next: null }),
      hash: ({ path, offset = 0, length }) =>
        this.withFile(String(path), (bytes) => {
          const from = Number(offset);
          const part = bytes.subarray(from, length === undefined ? bytes.length : from + Number(length));
          return { bytes: part.length, sha256: sha256(part) };
        }),
      mkdir: ({ path }) => {
        if (this.entryOf(String(path)) !== null) return refusal("exists", `"${path}" is there already`);
        this.folders.add(String(path));
        return {};
      },
      remove: ({ path }) => {
        const removed = this.files.delete(String(path)) || this.folders.delete(String(path));
        return removed ? {} : refusal("not-found", `there is no "${path}"`);
      },
      rename: ({ from, to }) =>
        this.withFile(String(from), (bytes) => {
          this.files.delete(String(from));
          this.files.set(String(to), bytes);
          return {};
        }),
      get: (request, peer) => this.get(request, peer),
      put: (request, peer) => this.put(request, peer),
      end: (request, peer) => this.end(request, peer),
      cancel: ({ of }, peer) => {
        const upload = peer.uploads.get(Number(of));
        if (upload) this.parts.delete(upload.path);
        peer.uploads.delete(Number(of));
        return {};
      },
    };
    const peers = new Map<Socket<unknown>, Peer>();
    this.listener = Bun.listen<unknown>({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        open: (socket) => {
          const peer = new Peer(socket);
          peers.set(socket, peer);
          this.peers.add(peer);
        },
        drain: (socket) => peers.get(socket)?.flush(),
        close: (socket) => {
          const peer = peers.get(socket);
          if (!peer) return;
          this.peers.delete(peer);
          for (const { path, size, bytes } of peer.uploads.values())
            if (size !== undefined) this.parts.set(path, bytes);
        },
        data: (socket, chunk) => {
          const peer = peers.get(socket);
          if (!peer) return;
          for (const body of peer.push(chunk)) if (!peer.isDropped) this.body(body, peer);
        },
      },
    });
  }

  get port(): number {
    return this.listener.port;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Loses every connection; new ones are taken. */
  dropAll(): void {
    for (const peer of this.peers) peer.drop();
  }

  entries(path: string): Message[] {
    const prefix = path === "/" ? "/" : `${path}/`;
    const all = [...this.files.keys(), ...this.folders].filter((other) => other !== "/" && other.startsWith(prefix));
    return all
      .filter((other) => !other.slice(prefix.length).includes("/"))
      .sort()
      .map((other) => this.entryOf(other) as Message);
  }

  entryOf(path: string): Message | null {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const bytes = this.files.get(path);
    if (bytes) return { name, type: "file", size: bytes.length, mtime: this.mtime };
    return this.folders.has(path) ? { name, type: "dir", size: 0, mtime: this.mtime } : null;
  }

  head(bytes: Buffer): Message {
    return { size: bytes.length, mtime: this.mtime, version: sha256(bytes).slice(0, 12) };
  }

  [Symbol.dispose](): void {
    this.dropAll();
    this.listener.stop(true);
  }

  private body(body: Buffer, peer: Peer): void {
    if (body[0] === 1) {
      const upload = peer.uploads.get(body.readUInt32BE(1));
      if (!upload) return;
      if (Number(body.readBigUInt64BE(5)) !== upload.bytes.length) throw new Error("a chunk came out of its order");
      upload.bytes = Buffer.concat([upload.bytes, body.subarray(13)]);
      this.onBytes(upload.bytes.length, peer);
      return;
    }
    const request: Message = JSON.parse(body.toString());
    this.requests.push(request);
    const handler = this.handlers[String(request["op"])];
    const reply = handler ? handler(request, peer) : {};
    if (reply !== null) peer.send({ id: request["id"], ok: true, ...reply });
  }

  private get({ id, path, offset = 0, length, version }: Message, peer: Peer): Message | null {
    return this.withFile(String(path), (bytes) => {
      const head = this.head(bytes);
      if (version !== undefined && version !== head["version"]) return refusal("changed", "it is another one now");
      peer.send({ id, ok: true, ...head });
      const from = Number(offset);
      const part = bytes.subarray(from, length === undefined ? bytes.length : from + Number(length));
      for (let at = 0; at < part.length; at += CHUNK) {
        peer.chunk(Number(id), from + at, part.subarray(at, at + CHUNK));
      }
      peer.send({ id, event: "end", bytes: part.length, sha256: sha256(part) });
      return null;
    });
  }

  private put({ id, path, size, resume, overwrite }: Message, peer: Peer): Message {
    const to = String(path);
    if (this.files.has(to) && overwrite !== true) return refusal("exists", `"${to}" is there already`);
    const bytes = (resume === true && this.parts.get(to)) || Buffer.alloc(0);
    peer.uploads.set(Number(id), { path: to, size: size === undefined ? undefined : Number(size), bytes });
    return { offset: bytes.length, have: sha256(bytes) };
  }

  private end({ of, sha256: expected }: Message, peer: Peer): Message {
    const upload = peer.uploads.get(Number(of));
    if (!upload) return refusal("not-found", "there is no such upload");
    peer.uploads.delete(Number(of));
    this.parts.delete(upload.path);
    const hash = sha256(upload.bytes);
    if (expected !== hash) return refusal("bad-hash", "what arrived is not what was sent");
    this.files.set(upload.path, upload.bytes);
    return { size: upload.bytes.length, sha256: hash };
  }

  private withEntry(path: string, then: (entry: Message) => Message): Message {
    const entry = this.entryOf(path);
    return entry === null ? refusal("not-found", `there is no "${path}"`) : then(entry);
  }

  private withFile<T extends Message | null>(path: string, then: (bytes: Buffer) => T): T | Message {
    const bytes = this.files.get(path);
    return bytes === undefined ? refusal("not-found", `there is no "${path}"`) : then(bytes);
  }
}

export function refusal(code: string, message: string): Message {
  return { ok: false, error: { code, message } };
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
