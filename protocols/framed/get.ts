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
  /** Bytes of the span that were queued. */
  private sent = 0;
  /** Bytes of those that have left. */
  private left = 0;
  /** Chunks that have not left. */
  private queued = 0;
  /** The disk is slow, and what lies before this offset has been read ahead. */
  private warmTo: number | null = null;
  private why: Why | null = null;

  constructor(
    private readonly host: JobHost,
    readonly asked: Numbered,
    private readonly o: GetOptions,
  ) {
    this.hasher = o.hash === "none" ? null : new Bun.CryptoHasher("sha256");
  }

  get moving(): boolean {
    return this.download !== null;
  }

  get hashes(): boolean {
    return this.hasher !== null;
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
    if (!this.isReady(download, offset, length)) return null;
    this.sent += length;
    this.queued += 1;
    const slice = { fd: download.fd, offset, length };
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

  /** Whether the next chunk can be sent; if not, it was told why not, or comes back when it can. */
  private isReady(download: Download, offset: number, length: number): boolean {
    try {
      if (this.sent > 0 && this.sent % LOOK_EVERY === 0 && download.changed()) return this.fail(CHANGED);
      return this.hasher === null || this.isHashed(this.hasher, download, offset, length);
    } catch (error) {
      return this.fail(whyNot(this.host, error));
    }
  }

  private isHashed(hasher: Bun.CryptoHasher, download: Download, offset: number, length: number): boolean {
    const { hashing } = this.host.channel;
    if (this.warmTo !== null && offset >= this.warmTo) {
      hashing.warm(download.fd, offset, download.length - this.sent, (warmTo) => {
        this.warmTo = warmTo;
        this.host.pump.add(this);
      });
      return false;
    }
    const read = hashing.add(hasher, download.fd, offset, length);
    if (read === "slow") this.warmTo ??= offset + length;
    return read === "short" ? this.fail(CHANGED) : true;
  }

  private fail(why: Why): false {
    this.stop(why);
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
