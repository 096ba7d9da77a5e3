import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { connect, type TcpClient } from "./tcp.ts";
import { TempFolder } from "./temp.ts";
import { startTincan, type Tincan } from "./tincan.ts";

/** A daemon that shares a folder of its own by FTP. */
export class FtpServer implements AsyncDisposable {
  private constructor(
    readonly tincan: Tincan,
    private readonly folder: TempFolder,
    /** The folder that is shared. */
    readonly share: string,
  ) {}

  /** Shares an empty folder, or the one that is given; no space has to be left free. */
  static async start(flags: readonly string[] = ["--allow-write"], given?: string): Promise<FtpServer> {
    const folder = new TempFolder();
    const share = given ?? folder.file("share");
    if (given === undefined) mkdirSync(share);
    const tincan = await startTincan([share, "--doors", "ftp", "--min-free", "0", ...flags]);
    return new FtpServer(tincan, folder, share);
  }

  get port(): number {
    return this.tincan.port("ftp");
  }

  /** The port for TLS from the first byte. */
  get tlsPort(): number {
    return this.tincan.ready.doors["ftp"]?.listeners.find(({ transport }) => transport === "tls")?.port ?? 0;
  }

  file(name: string): string {
    return join(this.share, name);
  }

  async write(name: string, bytes: string | Uint8Array): Promise<void> {
    await Bun.write(this.file(name), bytes);
  }

  async read(name: string): Promise<Buffer> {
    return Buffer.from(await Bun.file(this.file(name)).arrayBuffer());
  }

  /** A client in the hand of the test, which has said nothing yet. */
  async client(host = "127.0.0.1"): Promise<FtpUser> {
    const user = new FtpUser(await connect({ port: this.port, host }), host);
    await user.reads(220);
    return user;
  }

  /** One that is logged in as anonymous. */
  async guest(host = "127.0.0.1"): Promise<FtpUser> {
    const user = await this.client(host);
    await user.says("USER anonymous", 331);
    await user.says("PASS guest", 230);
    await user.says("TYPE I", 200);
    return user;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tincan[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

/** A control connection whose every line is the test's. */
export class FtpUser implements Disposable {
  constructor(
    readonly control: TcpClient,
    private readonly host: string,
  ) {}

  async sends(line: string): Promise<void> {
    await this.control.write(Buffer.from(`${line}\r\n`, "latin1"));
  }

  /** The next reply, all of its lines; it must have this code. */
  async reads(code: number, ms?: number): Promise<string> {
    const text = await this.readsAny(ms);
    if (!text.startsWith(String(code))) throw new Error(`expected ${code}, but the reply is ${JSON.stringify(text)}`);
    return text;
  }

  /** The next reply, whatever it is. */
  async readsAny(ms?: number): Promise<string> {
    const first = await this.control.readLine(ms);
    let text = first;
    if (first[3] === "-") {
      const last = `${first.slice(0, 3)} `;
      while (!text.split("\n").at(-1)?.startsWith(last)) text += `\n${await this.control.readLine(ms)}`;
    }
    return text;
  }

  async says(line: string, code: number): Promise<string> {
    await this.sends(line);
    return await this.reads(code);
  }

  /** The port that EPSV has opened. */
  async epsv(): Promise<number> {
    const [, port] = /\|\|\|(\d+)\|/.exec(await this.says("EPSV", 229)) ?? [];
    return Number(port);
  }

  /** A data connection to a new passive port. */
  async opens(): Promise<TcpClient> {
    return await connect({ port: await this.epsv(), host: this.host });
  }

  /** What a command sends over a data connection. */
  async fetches(line: string): Promise<Buffer> {
    using data = await this.opens();
    await this.says(line, 150);
    const bytes = await data.readAll();
    data.halfClose();
    await this.reads(226);
    return bytes;
  }

  /** Sends the bytes over a data connection, and ends it; the reply is yet to be read. */
  async puts(line: string, bytes: string | Uint8Array): Promise<void> {
    using data = await this.opens();
    await this.says(line, 150);
    await data.write(bytes);
    data.halfClose();
    await data.readAll();
  }

  [Symbol.dispose](): void {
    this.control[Symbol.dispose]();
  }
}
