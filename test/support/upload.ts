import { type FramedClient, frame } from "./frames.ts";

/** An upload over frames, written here once more so that tests share no code with what they test. */
export class Upload {
  private offset = 0;

  private constructor(
    private readonly client: FramedClient,
    private readonly id: number,
  ) {}

  static async begin(client: FramedClient, path: string, size: number, id = 1_000): Promise<Upload> {
    await client.send({ op: "put", id, path, size });
    const answer = await client.receive();
    if (answer["ok"] !== true || answer["id"] !== id) throw new Error(`put was answered ${JSON.stringify(answer)}`);
    return new Upload(client, id);
  }

  /** Sends the next bytes: `struct.pack("!BIQ", 1, id, offset)` and then they. */
  async write(bytes: Buffer): Promise<void> {
    const head = Buffer.alloc(13);
    head.writeUInt8(1, 0);
    head.writeUInt32BE(this.id, 1);
    head.writeBigUInt64BE(BigInt(this.offset), 5);
    this.offset += bytes.length;
    await this.client.tcp.write(frame(Buffer.concat([head, bytes])));
  }

  async end(): Promise<void> {
    const answer = await this.client.request("end", { of: this.id });
    if (answer["ok"] !== true) throw new Error(`end was answered ${JSON.stringify(answer)}`);
  }
}

/** Uploads a file in one piece. */
export async function upload(client: FramedClient, path: string, bytes: Buffer): Promise<void> {
  const put = await Upload.begin(client, path, bytes.length);
  if (bytes.length > 0) await put.write(bytes);
  await put.end();
}
