import { FrameForm } from "../../../protocols/framed/form.ts";
import { FramedProtocol } from "../../../protocols/framed/index.ts";
import { mirror } from "../../../protocols/framed/violation.ts";
import type { Gate } from "../../../src/accounts/gate.ts";
import type { Permission } from "../../../src/accounts/permission.ts";
import { encodeFrame, Framer } from "../../../src/bytes/framer.ts";
import { type HeaderFormat, parseHeaderFormat } from "../../../src/bytes/header.ts";
import type { RoomLog } from "../../../src/chat/history.ts";
import { Hub } from "../../../src/chat/hub.ts";
import { MemoryLog } from "../../../src/chat/memory-log.ts";
import type { Vault } from "../../../src/files/vault.ts";
import { until } from "../../support/deadline.ts";
import type { Message } from "../../support/frames.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { MemoryConnection } from "../../support/memory-connection.ts";
import { OpenGate } from "../../support/open-gate.ts";

export interface MemoryDoorOptions {
  readonly header?: string;
  readonly ack?: boolean;
  readonly maxFrame?: number;
  readonly allow?: { readonly chat?: boolean; readonly echo?: boolean };
  readonly ports?: Readonly<Record<string, number>>;
  /** Commands a second of one peer, after a burst of twice as many; 0: no limit. */
  readonly rate?: number;
  /** The files; without them none are shared. */
  readonly vault?: Vault;
  /** What who has no account may do with them. */
  readonly rights?: readonly Permission[];
  readonly gate?: Gate;
  readonly log?: RoomLog;
}

/** A framed door whose connections are in memory, and whose clock stands still. */
export class MemoryDoor {
  readonly clock = new HandClock();
  readonly hub: Hub;
  readonly header: HeaderFormat;
  readonly protocol: FramedProtocol;
  private connections = 0;

  constructor({
    header = "!I",
    ack = false,
    maxFrame = 1 << 20,
    allow = {},
    ports = {},
    rate = 0,
    vault,
    rights = ["read"],
    gate,
    log = new MemoryLog(),
  }: MemoryDoorOptions = {}) {
    this.hub = new Hub({ log, clock: this.clock, rate, burst: 2 * rate });
    this.header = parseHeaderFormat(header);
    const host = {
      form: new FrameForm(this.header),
      mirrored: mirror(this.header),
      maxFrame: Math.min(maxFrame, this.header.most),
      messageMs: 60_000,
      stallMs: 60_000,
      idleMs: 600_000,
      gate: gate ?? new OpenGate(new Set(rights)),
      vault: vault ?? null,
      hub: this.hub,
      server: "tincan/test",
      allow: { chat: true, echo: true, ...allow },
      portOf: (door: string) => ports[door] ?? null,
      pageFor: (at: string) => (ports["http"] === undefined ? null : `http://${at}:${ports["http"]}/`),
    };
    this.protocol = new FramedProtocol(host, ack);
  }

  /** Somebody who has just connected. */
  connect(host?: string): Peer {
    const conn = new MemoryConnection(++this.connections, host);
    conn.session = this.protocol.open(conn);
    return new Peer(conn, this.header);
  }

  /** Somebody in the chat, with nothing left to read. */
  async chat(name: string, fields: Message = {}, host?: string): Promise<Peer> {
    const peer = this.connect(host);
    const hello = { op: "hello", v: 1, service: "chat", name, id: 0, ...fields };
    const [answer] = await peer.ask(hello);
    if (answer?.["ok"] !== true) throw new Error(`hello was refused: ${JSON.stringify(answer)}`);
    return peer;
  }
}

/** Whoever is at the other end of a connection in memory. */
export class Peer {
  constructor(
    readonly conn: MemoryConnection,
    private readonly header: HeaderFormat,
  ) {}

  frame(body: string | Uint8Array | Message): Uint8Array {
    const text = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
    return encodeFrame(this.header, Buffer.from(text));
  }

  /** Sends bodies, all in one chunk; settles when the door would read on. */
  say(...bodies: (string | Uint8Array | Message)[]): Promise<void> {
    return this.conn.push(Buffer.concat(bodies.map((body) => this.frame(body))));
  }

  /** The bodies that came since this was last asked. Throws when half a frame is left over. */
  bodies(): Buffer[] {
    const framer = new Framer(this.header, 1 << 24);
    const bodies = [...framer.push(this.conn.takeBytes())].map(({ body }) => Buffer.from(body));
    if (framer.buffered > 0) throw new Error(`${framer.buffered} bytes are no whole frame`);
    return bodies;
  }

  texts(): string[] {
    return this.bodies().map(String);
  }

  /** Chunks are `{ chunk: { id, offset, bytes } }`, with the bytes in hex. */
  messages(): Message[] {
    return this.bodies().map((body) => (body[0] === 1 ? readChunk(body) : JSON.parse(body.toString())));
  }

  /** Waits for `count` messages: not everything is answered at once. */
  async hear(count = 1): Promise<Message[]> {
    const heard: Message[] = [];
    await until(
      () => heard.push(...this.messages()) >= count,
      () => `${count} messages, and ${JSON.stringify(heard)} came`,
    );
    return heard;
  }

  /** Sends one message and waits for what comes next. */
  async request(message: Message): Promise<Message> {
    await this.say(message);
    const [answer = {}] = await this.hear();
    return answer;
  }

  /** Sends one message and takes all that came since the last time. */
  async ask(message: string | Uint8Array | Message): Promise<Message[]> {
    await this.say(message);
    return this.messages();
  }
}

/** `struct.pack("!BIQ", 1, id, offset)` and bytes of a file. */
export function chunk(id: number, offset: number | bigint, bytes: string | Uint8Array): Buffer {
  const head = Buffer.alloc(13);
  head[0] = 1;
  head.writeUInt32BE(id, 1);
  head.writeBigUInt64BE(BigInt(offset), 5);
  return Buffer.concat([head, Buffer.from(bytes)]);
}

function readChunk(body: Buffer): Message {
  const offset = Number(body.readBigUInt64BE(5));
  return { chunk: { id: body.readUInt32BE(1), offset, bytes: body.subarray(13).toString("hex") } };
}
