import type { Socket, TCPSocketListener } from "bun";
import { frame, type Message } from "../support/frames.ts";

type Reply = Message | null;
type Handler = (request: Message, peer: ScriptedPeer) => Reply;

/** One connection to a scripted server. */
export class ScriptedPeer {
  private buffer = Buffer.alloc(0);

  constructor(private readonly socket: Socket<unknown>) {}

  send(message: Message): void {
    this.socket.write(frame(JSON.stringify(message)));
  }

  /** Closes with what was sent before. */
  drop(): void {
    this.socket.end();
  }

  /** The frames that a chunk completes, as JSON. */
  push(chunk: Uint8Array): Message[] {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    const messages: Message[] = [];
    while (this.buffer.length >= 4 && this.buffer.length >= 4 + this.buffer.readUInt32BE()) {
      const end = 4 + this.buffer.readUInt32BE();
      messages.push(JSON.parse(this.buffer.toString("utf8", 4, end)));
      this.buffer = this.buffer.subarray(end);
    }
    return messages;
  }
}

/**
 * A chat server of one room that does what a test tells it, on a free port: it numbers what is said, remembers it, and
 * its handlers can be exchanged to lose connections and answers at moments that a real server cannot be made to hit.
 */
export class ScriptedServer implements Disposable {
  /** Every request that came, in order. */
  readonly requests: Message[] = [];
  readonly peers: ScriptedPeer[] = [];
  history: Message[] = [];
  epoch = "e1";
  members: readonly string[] = [];
  /** Answers by op; null: no answer. What is not here is answered `ok`. */
  readonly handlers: Record<string, Handler>;
  private readonly listener: TCPSocketListener<unknown>;

  constructor() {
    this.handlers = {
      hello: ({ name }) => ({ v: 1, name: name ?? "guest1", session: "token", rooms: [this.state()] }),
      join: ({ room }) => ({ room, epoch: "e1", seq: 0, members: 1 }),
      say: ({ text }, peer) => this.add(String(text), "ann", peer),
      who: () => ({ members: this.members, next: null }),
      history: ({ after = 0, limit = 1000 }) => {
        const events = this.history.filter((event) => Number(event["seq"]) > Number(after)).slice(-Number(limit));
        return { events, next: null, oldest: Number(this.history[0]?.["seq"] ?? 1) };
      },
    };
    const peers = new Map<Socket<unknown>, ScriptedPeer>();
    this.listener = Bun.listen<unknown>({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        open: (socket) => {
          const peer = new ScriptedPeer(socket);
          peers.set(socket, peer);
          this.peers.push(peer);
        },
        data: (socket, chunk) => {
          const peer = peers.get(socket);
          for (const request of peer?.push(chunk) ?? []) if (peer) this.answer(request, peer);
        },
      },
    });
  }

  get target() {
    return { host: "127.0.0.1", port: this.listener.port };
  }

  state(): Message {
    return { room: "#lobby", epoch: this.epoch, seq: Number(this.history.at(-1)?.["seq"] ?? 0), members: 1 };
  }

  /** Puts a message into the room's history; gives the answer that its sender gets. */
  add(text: string, from: string, except?: ScriptedPeer): Message {
    const seq = Number(this.state()["seq"]) + 1;
    const time = "2026-01-02T03:04:05.678Z";
    const event = { event: "message", room: "#lobby", from, text, time, epoch: this.epoch, seq };
    this.history.push(event);
    for (const peer of this.peers) if (peer !== except) peer.send(event);
    return { epoch: this.epoch, seq, time };
  }

  /** Loses every connection; new ones are taken. */
  dropAll(): void {
    for (const peer of this.peers.splice(0)) peer.drop();
  }

  [Symbol.dispose](): void {
    this.listener.stop(true);
  }

  private answer(request: Message, peer: ScriptedPeer): void {
    this.requests.push(request);
    const { op, id } = request;
    const handler = this.handlers[String(op)];
    const reply = handler ? handler(request, peer) : {};
    if (reply !== null) peer.send({ id, ok: true, ...reply });
  }
}
