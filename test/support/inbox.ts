import { DEADLINE_MS, within } from "./deadline.ts";

/** Bytes that arrive in pieces, read back in the shapes a test thinks in. One reader at a time. */
export class Inbox {
  private chunks: Buffer[] = [];
  private length = 0;
  #ended: string | null = null;
  private changed = Promise.withResolvers<void>();

  /** @param name how errors call the source: `nc's stdout` */
  constructor(private readonly name: string) {}

  push(chunk: Uint8Array): void {
    this.chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    this.length += chunk.length;
    this.wake();
  }

  /** No more bytes will come; `why` is what readers that still want some are told. */
  end(why = "ended"): void {
    this.#ended ??= why;
    this.wake();
  }

  get ended(): boolean {
    return this.#ended !== null;
  }

  /** Everything that came and was not read, without waiting. */
  get unread(): Buffer {
    const [first, ...others] = this.chunks;
    if (first !== undefined && others.length === 0) return first;
    const all = Buffer.concat(this.chunks);
    this.chunks = [all];
    return all;
  }

  /** Forgets what came so far. */
  clear(): void {
    this.take(this.length);
  }

  readExactly(count: number, ms = DEADLINE_MS): Promise<Buffer> {
    return this.read(`${count} bytes`, () => (this.length >= count ? this.take(count) : null), ms);
  }

  /** Everything up to and with the first `end`. */
  async readUntil(end: string | RegExp, ms = DEADLINE_MS): Promise<string> {
    const found = () => {
      const length = lengthUntil(this.unread, end);
      return length === null ? null : this.take(length);
    };
    return (await this.read(String(end), found, ms)).toString();
  }

  /** The next line, without its end (LF or CRLF). */
  async readLine(ms = DEADLINE_MS): Promise<string> {
    return (await this.readUntil("\n", ms)).replace(/\r?\n$/, "");
  }

  /** The first line to come that `wanted` matches; those before it are dropped. */
  async readLineWith(wanted: string | RegExp, ms = DEADLINE_MS): Promise<string> {
    const end = performance.now() + ms;
    for (;;) {
      const line = await this.readLine(Math.max(1, end - performance.now())).catch((cause: unknown) => {
        throw new Error(`no line with ${wanted} came from ${this.name}`, { cause });
      });
      if (typeof wanted === "string" ? line.includes(wanted) : wanted.test(line)) return line;
    }
  }

  /** Every line until the source ends, for a reader beside the test; no deadline. */
  async *lines(): AsyncGenerator<string> {
    for (;;) {
      const line = await this.readLine(Number.POSITIVE_INFINITY).catch(() => null);
      if (line === null) return;
      yield line;
    }
  }

  /** Everything until the source ends. */
  readAll(ms = DEADLINE_MS): Promise<Buffer> {
    return this.read("the end", () => (this.#ended === null ? null : this.take(this.length)), ms);
  }

  private read(what: string, attempt: () => Buffer | null, ms: number): Promise<Buffer> {
    const wait = async () => {
      for (;;) {
        const found = attempt();
        if (found !== null) return found;
        if (this.#ended !== null) throw new Error(`${this.name} ${this.#ended} before ${what} came; ${this.shown()}`);
        await this.changed.promise;
      }
    };
    return within(wait(), () => `${what} from ${this.name}; ${this.shown()}`, ms);
  }

  private take(count: number): Buffer {
    const all = this.unread;
    this.chunks = [all.subarray(count)];
    this.length -= count;
    return all.subarray(0, count);
  }

  private wake(): void {
    this.changed.resolve();
    this.changed = Promise.withResolvers<void>();
  }

  private shown(): string {
    const { unread } = this;
    return `unread are ${unread.length} bytes: ${JSON.stringify(unread.subarray(-400).toString())}`;
  }
}

function lengthUntil(bytes: Buffer, end: string | RegExp): number | null {
  if (typeof end === "string") {
    const at = bytes.indexOf(end);
    return at < 0 ? null : at + Buffer.byteLength(end);
  }
  const text = bytes.toString("latin1");
  const match = end.exec(text);
  return match === null ? null : match.index + match[0].length;
}
