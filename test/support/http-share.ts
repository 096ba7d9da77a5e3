import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { client } from "./clients.ts";
import { until } from "./deadline.ts";
import { run } from "./program.ts";
import { connect, type TcpClient } from "./tcp.ts";
import { TempFolder } from "./temp.ts";
import { startTincan, type Tincan } from "./tincan.ts";
import { plant, type Tree } from "./tree.ts";

export const curl = client("curl");

/** What a server answered, as curl wrote it down. */
export interface Answer {
  readonly status: number;
  /** By their names in lower case; of the last answer, where there was a 100 before it. */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** curl's own exit code: 18 is an answer that was cut off. */
  readonly code: number;
}

/** The next answer on a connection; it must say its length. */
export async function readAnswer(client: TcpClient, ms?: number): Promise<Omit<Answer, "code">> {
  const head = await client.readUntil("\r\n\r\n", ms);
  const { status, fields } = parseHead(head);
  const length = Number(fields.get("content-length") ?? 0);
  return { status, fields, body: length === 0 ? Buffer.alloc(0) : await client.readExactly(length, ms) };
}

function parseHead(head: string): Pick<Answer, "status" | "fields"> {
  const [first = "", ...lines] = head.trimEnd().split("\r\n");
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
  });
  return { status: Number(first.split(" ")[1] ?? 0), fields: new Map(fields) };
}

const certificate = (name: string) => resolve(import.meta.dir, "tls", name);

/** A folder that `tincan serve` shares by HTTP, and curl for it. */
export class HttpShare implements AsyncDisposable {
  private count = 0;

  private constructor(
    readonly tincan: Tincan,
    private readonly folder: TempFolder,
    private readonly share: string,
  ) {}

  /** Everybody may write, unless other flags are given. @param given a folder to share instead of an own one */
  static async open(tree: Tree = {}, flags: readonly string[] = ["--allow-write"], given?: string): Promise<HttpShare> {
    const folder = new TempFolder();
    const share = given ?? folder.file("share");
    if (given === undefined) mkdirSync(share);
    mkdirSync(folder.file("local"));
    plant(share, tree);
    const tls = ["--tls-cert", certificate("localhost.crt"), "--tls-key", certificate("localhost.key")];
    const tincan = await startTincan([share, "--doors", "http", "--min-free", "0", ...tls, ...flags]);
    return new HttpShare(tincan, folder, share);
  }

  get port(): number {
    return this.tincan.port("http");
  }

  get tlsPort(): number {
    return this.tincan.ready.doors["http"]?.listeners.find(({ transport }) => transport === "tls")?.port ?? 0;
  }

  /** `http://127.0.0.1:8480/files/a%20b?x` out of `a b` and `?x`. */
  url(path = "", query = ""): string {
    return this.rawUrl(path.split("/").map(encodeURIComponent).join("/") + query);
  }

  /** The same with a path that is encoded already, or wrongly. */
  rawUrl(rest: string): string {
    return `http://127.0.0.1:${this.port}/files/${rest}`;
  }

  /** Where something of the share lies on the disk. */
  shared(path = ""): string {
    return join(this.share, path);
  }

  sharedBytes(path: string): Buffer {
    return readFileSync(this.shared(path));
  }

  /** A file for curl to send. */
  local(name: string): string {
    return join(this.folder.file("local"), name);
  }

  /** Runs curl for one address. */
  async curl(...args: readonly string[]): Promise<Answer> {
    const name = String(++this.count);
    const [head, body] = [`${name}.head`, `${name}.body`].map((file) => this.folder.file(file)) as [string, string];
    const common = ["-sS", "--path-as-is", "--max-time", "30", "-D", head, "-o", body];
    const { code } = await run([curl.path, ...common, ...args], { cwd: this.folder.file("local") });
    const answers = existsSync(head)
      ? readFileSync(head, "latin1")
          .split("\r\n\r\n")
          .filter((text) => text !== "")
      : [];
    if (code === 0) curl.exchanged();
    return { ...parseHead(answers.at(-1) ?? ""), code, body: existsSync(body) ? readFileSync(body) : Buffer.alloc(0) };
  }

  /** A connection whose every byte is the test's. */
  connect(): Promise<TcpClient> {
    return connect({ port: this.port });
  }

  /** Names of what is unfinished in the share. */
  parts(): string[] {
    return readdirSync(this.share, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.tincan-.*\.part$/.test(name),
    );
  }

  /** Waits until so many bytes of an unfinished upload are on the disk. */
  async arriving(bytes: number): Promise<void> {
    const size = (name: string) => statSync(this.shared(name), { throwIfNoEntry: false })?.size ?? 0;
    await until(() => this.parts().some((name) => size(name) >= bytes), `${bytes} bytes of an upload`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tincan[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}
