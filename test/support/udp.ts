import { within } from "./deadline.ts";

/** A UDP client on a port of its own: what it gets waits in order until it is read. */
export class UdpClient implements Disposable {
  /** Everything that came and was not read. */
  readonly received: Buffer[] = [];
  private arrived = Promise.withResolvers<void>();

  private constructor(
    private readonly socket: Bun.udp.Socket<"buffer">,
    private readonly to: { readonly host: string; readonly port: number },
  ) {}

  /** @param from the address it sends from */
  static async open(port: number, host = "127.0.0.1", from = host): Promise<UdpClient> {
    const socket = await Bun.udpSocket({
      hostname: from,
      socket: { data: (_, bytes) => client.push(bytes), error() {} },
    });
    const client = new UdpClient(socket, { host, port });
    return client;
  }

  get port(): number {
    return this.socket.port;
  }

  send(data: string | Uint8Array): void {
    this.socket.send(data, this.to.port, this.to.host);
  }

  /** Sends all of them in one system call. */
  burst(data: readonly (string | Uint8Array)[]): void {
    this.socket.sendMany(data.flatMap((bytes) => [bytes, this.to.port, this.to.host]));
  }

  /** The next datagram. */
  async read(ms?: number): Promise<Buffer> {
    const [first] = await this.readMany(1, ms);
    if (first === undefined) throw new Error("nothing was read");
    return first;
  }

  /** The next `count` datagrams. */
  readMany(count: number, ms?: number): Promise<Buffer[]> {
    const wait = async () => {
      while (this.received.length < count) await this.arrived.promise;
      return this.received.splice(0, count);
    };
    return within(wait(), () => `${count} datagrams, ${this.received.length} came`, ms);
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }

  private push(bytes: Buffer): void {
    this.received.push(bytes);
    this.arrived.resolve();
    this.arrived = Promise.withResolvers<void>();
  }
}
