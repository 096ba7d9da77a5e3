import type { Access, Download } from "../../src/files/access.ts";
import { sendAnswer, sendEnd, sendRefusal } from "./answers.ts";
import { chunkHead, MOST_CHUNK } from "./chunk.ts";
import { GONE, type Job, type JobHost, type Numbered, type Why, whyNot } from "./job.ts";
import type { Source } from "./pump.ts";

export interface GetOptions {
  readonly path: string;
  readonly offset?: number;
  readonly length?: number;
  readonly version?: string;
  readonly hash?: "sha256" | "none";
}

/** After so many bytes it is looked whether the file is still the same. */
const LOOK_EVERY = 16 * MOST_CHUNK;

/** A file on its way to the peer. */
export class Get implements Job, Source {
  private download: Download | null = null;
  private readonly hasher: Bun.CryptoHasher | null;
  /** Takes up what leaves. */
  private readonly hash: ((bytes: Uint8Array) => void) | null;
  /** Bytes of the span that were queued. */
  private sent = 0;
  /** Bytes of those that have left. */
  private left = 0;
  /** Chunks that have not left. */
  private queued = 0;
  private why: Why | null = null;

  constructor(
    private readonly host: JobHost,
    readonly asked: Numbered,
    private readonly o: GetOptions,
  ) {
    const hasher = o.hash === "none" ? null : new Bun.CryptoHasher("sha256");
    this.hasher = hasher;
    this.hash = hasher && ((bytes) => void hasher.update(bytes));
  }

  get moving(): boolean {
    return this.download !== null;
  }

  async start(access: Access): Promise<void> {
    const { host, asked } = this;
    const { path, hash: _, ...span } = this.o;
    try {
      const download = await access.read(path, span);
      this.download = download;
      if (this.why !== null) return this.refuse(this.why);
      const { size, mtime, version, length } = download;
      sendAnswer(host.channel, asked, { ok: true, size, mtime, version });
      host.changed();
      if (length === 0) this.end();
      else host.pump.add(this);
    } catch (error) {
      this.refuse(whyNot(host, error));
    }
  }

  stop(why: Why): boolean {
    if (this.why !== null) return false;
    this.why = why;
    if (this.download !== null && this.queued === 0) this.end();
    return true;
  }

  next(): Promise<number> | null {
    const { download, sent } = this;
    if (download === null || this.why !== null || sent === download.length) return null;
    const offset = download.offset + sent;
    const length = Math.min(MOST_CHUNK, download.length - sent);
    if (!this.isSame(download)) return null;
    this.sent += length;
    this.queued += 1;
    const slice = { fd: download.fd, offset, length, ...(this.hash === null ? {} : { onBytes: this.hash }) };
    return this.host.channel.sendChunk(chunkHead(this.asked.id, offset), slice);
  }

  taken(bytes: number): void {
    const { download } = this;
    if (download === null) return;
    this.queued -= 1;
    this.left += bytes;
    download.transfer.move(bytes);
    if (this.queued === 0 && (this.why !== null || this.sent === download.length)) this.end();
  }

  /** Whether the file is still the one that was opened, as far as it is looked at; if not, it was told. */
  private isSame(download: Download): boolean {
    try {
      const isDue = this.sent > 0 && this.sent % LOOK_EVERY === 0;
      if (!isDue || !download.changed()) return true;
      this.stop(CHANGED);
    } catch (error) {
      this.stop(whyNot(this.host, error));
    }
    return false;
  }

  /** It was not granted. */
  private refuse({ code, message }: Why): void {
    this.download?.close("broken", message);
    this.download = null;
    sendRefusal(this.host.channel, this.asked, code, message);
    this.host.done(this);
  }

  /** All has left that will: tells how it went. */
  private end(): void {
    const { host, asked, download, hasher, sent } = this;
    if (download === null) return;
    this.download = null;
    const why = this.why ?? (this.left < sent ? GONE : download.changed() ? CHANGED : null);
    if (why === null) {
      download.close("done");
      const proof = hasher === null ? {} : { sha256: hasher.digest("hex") };
      sendEnd(host.channel, { id: asked.id, event: "end", bytes: sent, ...proof });
    } else {
      download.close(why === CHANGED ? "failed" : "broken", why.message);
      sendEnd(host.channel, { id: asked.id, event: "end", error: why });
    }
    host.done(this);
  }
}

const CHANGED: Why = { code: "changed", message: "the file changed while it was sent; get it again" };
