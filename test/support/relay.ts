import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export type Side = "client" | "server";

/** Lets so many bytes that `from` sends pass, of all connections together, and then none. */
export class Gate {
  passed = 0;
  readonly #reached = Promise.withResolvers<void>();

  constructor(
    readonly from: Side,
    readonly limit: number,
  ) {}

  /** When they have passed. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  /** How many of so many bytes may pass. */
  admit(count: number): number {
    const admitted = Math.min(count, this.limit - this.passed);
    this.passed += admitted;
    if (this.passed === this.limit) this.#reached.resolve();
    return admitted;
  }
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * A port that leads to another one, with a gate between: so a test reaches a byte of a transfer exactly, however fast the
 * machine is.
 */
export class Relay implements AsyncDisposable {
  /** What the bytes go through; null lets all pass. */
  gate: Gate | null = null;
  /** Gives another text instead of what the server sent. */
  rewrite: ((sent: Buffer) => Promise<Buffer>) | null = null;
  private readonly pairs = new Set<Pair>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly listener: Server,
    /** The port that it leads to; changes with a server that was started anew. */
    public to: number,
  ) {
    listener.on("connection", (client) => this.join(client));
  }

  static async start(to: number): Promise<Relay> {
    const listener = createServer({ allowHalfOpen: true });
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    return new Relay(listener, to);
  }

  get port(): number {
    const address = this.listener.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** One side was killed: the other hears what the kernel would tell it, the end of all that has passed. */
  lose(dead: Side): void {
    for (const pair of this.pairs) {
      pair[dead].destroy();
      const alive = pair[dead === "client" ? "server" : "client"];
      alive.removeAllListeners("data").resume();
      alive.end();
    }
    this.pairs.clear();
  }

  /** Sends something to one side that the other has not sent. */
  inject(to: Side, bytes: Uint8Array): void {
    for (const pair of this.pairs) pair[to].write(bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.listener.close();
    await once(this.listener, "close");
  }

  private join(client: Socket): void {
    const server = connect({ host: "127.0.0.1", port: this.to, allowHalfOpen: true });
    const pair = { client, server };
    this.pairs.add(pair);
    this.forward("client", pair);
    this.forward("server", pair);
  }

  private forward(from: Side, pair: Pair): void {
    const [source, sink] = from === "client" ? [pair.client, pair.server] : [pair.server, pair.client];
    const { rewrite } = this;
    let turn = Promise.resolve();
    this.sockets.add(source);
    source.on("data", (sent: Buffer) => {
      if (from === "server" && rewrite !== null) turn = turn.then(async () => void sink.write(await rewrite(sent)));
      else this.pass(from, source, sink, sent);
    });
    source.on("end", () => void turn.then(() => sink.end()));
    source.on("error", () => sink.destroy());
    source.on("close", () => {
      this.sockets.delete(source);
      this.pairs.delete(pair);
      if (!source.readableEnded) sink.end();
    });
  }

  private pass(from: Side, source: Socket, sink: Socket, sent: Buffer): void {
    const { gate } = this;
    const admitted = gate?.from === from ? gate.admit(sent.length) : sent.length;
    // What is held back waits for the end, and so does whatever comes behind it.
    if (admitted < sent.length) source.pause();
    if (sink.write(sent.subarray(0, admitted)) || admitted < sent.length) return;
    source.pause();
    sink.once("drain", () => source.resume());
  }
}
