import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Client } from "./clients.ts";
import { until } from "./deadline.ts";
import { FtpServer } from "./ftp.ts";
import { type Outcome, run } from "./program.ts";
import { TempFolder } from "./temp.ts";
import type { Tincan } from "./tincan.ts";
import { plant, type Tree } from "./tree.ts";

const certificate = (name: string) => resolve(import.meta.dir, "tls", name);

/** A folder that `tincan serve` shares by FTP, plain and with TLS, and a folder for a client to work in. */
export class FtpShare implements AsyncDisposable {
  private constructor(
    readonly server: FtpServer,
    private readonly folder: TempFolder,
  ) {}

  /** Everybody may write, unless other flags are given. */
  static async open(tree: Tree = {}, flags: readonly string[] = ["--allow-write"]): Promise<FtpShare> {
    const tls = ["--tls-cert", certificate("localhost.crt"), "--tls-key", certificate("localhost.key")];
    const share = new FtpShare(await FtpServer.start([...tls, ...flags]), new TempFolder());
    for (const name of ["local", "home"]) mkdirSync(share.folder.file(name));
    plant(share.shared(), tree);
    return share;
  }

  get tincan(): Tincan {
    return this.server.tincan;
  }

  get port(): number {
    return this.server.port;
  }

  /** The port of implicit TLS. */
  get tlsPort(): number {
    return this.server.tlsPort;
  }

  /** `ftp://127.0.0.1:2121/a%20b` */
  url(path = ""): string {
    return `ftp://127.0.0.1:${this.port}/${path.split("/").map(encodeURIComponent).join("/")}`;
  }

  /** Where something of the share lies on the disk. */
  shared(path = ""): string {
    return join(this.server.share, path);
  }

  /** Where something of the client's folder lies. */
  local(path = ""): string {
    return join(this.folder.file("local"), path);
  }

  /** What a client is started with: its own folder to work in, and a home without anybody's settings. */
  get surroundings(): { readonly cwd: string; readonly env: Readonly<Record<string, string>> } {
    return { cwd: this.local(), env: { HOME: this.folder.file("home"), LC_ALL: "C.UTF-8", TZ: "UTC" } };
  }

  /** Runs a client to its end, which must be a good one. */
  async run(
    client: Client,
    args: readonly string[],
    o: { readonly input?: string; readonly ms?: number } = {},
  ): Promise<Outcome> {
    const outcome = await run([client.path, ...args], { ...this.surroundings, ...o });
    if (outcome.code !== 0)
      throw new Error(`${client.name} ended with ${outcome.code}: ${outcome.stderr}${outcome.stdout}`);
    return outcome;
  }

  /** Waits until so many bytes of an unfinished upload are on the disk. */
  async arriving(bytes: number): Promise<void> {
    await until(() => this.partSizes().some((size) => size >= bytes), `${bytes} bytes of an upload`);
  }

  /** Waits until the daemon has noticed that so many peers are gone. */
  async noticed(count = 1): Promise<void> {
    await this.tincan.waitForEvents(count, ({ event, door }) => event === "closed" && door === "ftp");
  }

  /** Bytes of a shared file. */
  sharedBytes(path: string): Buffer {
    return readFileSync(this.shared(path));
  }

  localBytes(path: string): Buffer {
    return readFileSync(this.local(path));
  }

  private partSizes(): number[] {
    const names = readdirSync(this.shared(), { recursive: true, encoding: "utf8" });
    const hidden = names.filter((name) => /(?:^|\/)\.[^/]*$/.test(name));
    return hidden.map((name) => statSync(this.shared(name), { throwIfNoEntry: false })?.size ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}
