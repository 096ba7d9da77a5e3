import { resolve } from "node:path";
import { client } from "./clients.ts";
import { Program } from "./program.ts";

const python = client("python3");

/** Bun's `test` for tests with raw peers: they need Python, because only it can set SO_RCVBUF. */
export const testWithRawPeers = python.test;

export interface Read {
  readonly how: "read" | "ended" | "broken";
  readonly bytes: Buffer;
}

/**
 * A real socket with a small receive buffer that reads only when it is told to. Told nothing, it is the *frozen* peer;
 * told to read a little now and then, the *slow* one. See `raw-peer.py` for what it can do.
 */
export class RawPeer implements AsyncDisposable {
  private constructor(
    private readonly program: Program,
    /** Its own address as the daemon's log shows it. */
    readonly peer: string,
  ) {}

  /** @param receiveBuffer SO_RCVBUF in bytes; the kernel doubles it */
  static async connect(port: number, receiveBuffer = 4096): Promise<RawPeer> {
    const script = resolve(import.meta.dir, "raw-peer.py");
    const program = new Program([python.path, script, String(port), String(receiveBuffer)]);
    const [, own] = (await program.stdout.readLine()).split(" ");
    return new RawPeer(program, `127.0.0.1:${own}`);
  }

  /** Blocks until the kernel has taken it all. */
  async send(data: string | Uint8Array, times = 1): Promise<void> {
    const answer = await this.ask(`repeat ${times} ${Buffer.from(data).toString("hex")}`);
    if (!answer.startsWith("sent ")) throw new Error(`the server broke the connection while it was sent to: ${answer}`);
  }

  /** Sends without reading until the kernel takes no more or the server breaks it; resolves with the bytes sent. */
  async flood(data: string | Uint8Array): Promise<{ readonly how: "stuck" | "broken"; readonly bytes: number }> {
    const [how, bytes] = (await this.ask(`flood ${Buffer.from(data).toString("hex")}`, 60_000)).split(" ");
    if (how !== "stuck" && how !== "broken") throw new Error(`unexpected answer ${how}`);
    return { how, bytes: Number(bytes) };
  }

  read(count: number): Promise<Read> {
    return this.#read(`read ${count}`);
  }

  /** Reads 10 KiB a second, a little at a time, until the function that is returned is called: it tells what came. */
  async trickle(): Promise<() => Promise<Read>> {
    await this.program.write("trickle\n");
    return () => this.#read("enough");
  }

  /** Reads until the server ends or breaks the connection. */
  drain(): Promise<Read> {
    return this.#read("drain");
  }

  async halfClose(): Promise<void> {
    await this.ask("half-close");
  }

  async reset(): Promise<void> {
    await this.ask("reset");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.program[Symbol.asyncDispose]();
  }

  async #read(command: string): Promise<Read> {
    const [how, bytes = ""] = (await this.ask(command, 60_000)).split(" ");
    if (how !== "read" && how !== "ended" && how !== "broken") throw new Error(`unexpected answer ${how}`);
    return { how, bytes: Buffer.from(bytes, "base64") };
  }

  private async ask(command: string, ms?: number): Promise<string> {
    await this.program.write(`${command}\n`);
    return await this.program.stdout.readLine(ms);
  }
}
