import { connect, type Endpoint, type TcpClient } from "./tcp.ts";

/** `struct.pack("!I", len(body)) + body`, written here once more so that tests share no code with what they test. */
export function frame(body: string | Uint8Array): Buffer {
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(4);
  header.writeUInt32BE(bytes.length);
  return Buffer.concat([header, bytes]);
}

/** The body of the next frame. */
export async function readFrame(client: TcpClient, ms?: number): Promise<Buffer> {
  const header = await client.readExactly(4, ms);
  return await client.readExactly(header.readUInt32BE(), ms);
}

/** A JSON object as it came from the framed door. */
export type Message = Readonly<Record<string, unknown>>;

/** A program that speaks JSON in frames: sends requests, and keeps events apart from answers. */
export class FramedClient implements Disposable {
  private readonly events: Message[] = [];
  private nextId = 1;

  constructor(readonly tcp: TcpClient) {}

  static async connect(to: Endpoint): Promise<FramedClient> {
    return new FramedClient(await connect(to));
  }

  /** Connects and says hello to the chat; rejects when the hello is refused. */
  static async chat(to: Endpoint, fields: Message = {}): Promise<FramedClient> {
    const client = await FramedClient.connect(to);
    const answer = await client.request("hello", { v: 1, service: "chat", ...fields });
    if (answer["ok"] !== true) throw new Error(`hello was refused: ${JSON.stringify(answer)}`);
    return client;
  }

  async send(message: Message): Promise<void> {
    await this.tcp.write(frame(JSON.stringify(message)));
  }

  /** Sends a request and returns its answer; events that come before it are kept. */
  async request(op: string, fields: Message = {}, ms?: number): Promise<Message> {
    const id = this.nextId++;
    await this.send({ op, id, ...fields });
    for (;;) {
      const message = await this.receive(ms);
      if (message["id"] === id) return message;
      this.events.push(message);
    }
  }

  /** The next message that is the event `name`; others that come before it are dropped. */
  async event(name: string, ms?: number): Promise<Message> {
    for (;;) {
      const message = this.events.shift() ?? (await this.receive(ms));
      if (message["event"] === name) return message;
    }
  }

  /** The next frame, parsed, whatever it is. */
  async receive(ms?: number): Promise<Message> {
    return JSON.parse((await readFrame(this.tcp, ms)).toString());
  }

  [Symbol.dispose](): void {
    this.tcp[Symbol.dispose]();
  }
}
