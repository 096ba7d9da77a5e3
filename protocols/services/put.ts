import type { Access, Upload } from "../../src/files/access.ts";
import { type Asked, sendAnswer, sendEnd, sendRefusal } from "./answers.ts";
import type { Chunk } from "./chunk.ts";
import { type Job, type JobHost, type Numbered, type Why, whyNot } from "./job.ts";

export interface PutOptions {
  readonly path: string;
  readonly size?: number;
  readonly mtime?: number;
  readonly overwrite?: boolean;
  readonly resume?: boolean;
}

/** What the peer says when it has sent all. */
export interface EndOptions {
  readonly size?: number;
  readonly sha256?: string;
}

const NO_BYTES = new Bun.CryptoHasher("sha256").digest("hex");

/** A file that is coming from the peer. */
export class Put implements Job {
  private upload: Upload | null = null;
  private state: "opening" | "open" | "ending" | "over" = "opening";
  /** Why it stops before it was granted. */
  private early: { readonly why: Why; readonly keep: boolean } | null = null;
  /** Why it broke off after it was granted. */
  broken: Why | null = null;
  /** Settles when it is granted or refused. */
  private opened: Promise<void> | null = null;

  constructor(
    private readonly host: JobHost,
    readonly asked: Numbered,
    private readonly o: PutOptions,
  ) {}

  get moving(): boolean {
    return this.state === "open";
  }

  /** A promise while it is neither granted nor refused. */
  get opening(): Promise<void> | null {
    return this.state === "opening" ? this.opened : null;
  }

  start(access: Access): Promise<void> {
    this.opened = this.open(access);
    return this.opened;
  }

  /** Whether `end` must say the size, because nobody has. */
  get needsSize(): boolean {
    return this.o.size === undefined;
  }

  stop(why: Why, keep: boolean): boolean {
    if (this.state === "opening" && this.early === null) this.stopEarly(why, keep);
    else if (this.state === "open") void this.end(why, keep);
    else return false;
    return true;
  }

  /** A promise while it is not yet known where the file begins. */
  receive(chunk: Chunk): void | Promise<void> {
    if (this.opening !== null) return this.opening.then(() => this.take(chunk));
    this.take(chunk);
  }

  /** Gives the file its name while it is {@link Put.moving}, and answers `asked`. */
  async commit(asked: Asked, o: EndOptions): Promise<void> {
    const { host, upload } = this;
    if (upload === null) return;
    this.state = "ending";
    host.changed();
    try {
      const { entry, sha256 } = await upload.commit(o);
      sendAnswer(host.channel, asked, { ok: true, size: entry.size, sha256: sha256 ?? "" });
    } catch (error) {
      const { code, message } = whyNot(host, error);
      sendRefusal(host.channel, asked, code, message);
    }
    this.state = "over";
    host.done(this);
  }

  private async open(access: Access): Promise<void> {
    const { host, asked } = this;
    const { path, resume = false, ...more } = this.o;
    try {
      // What has no size could not be told from another file of that name.
      const once = this.needsSize;
      const upload = await access.write(path, { ...more, once, resume: resume && !once, hash: true });
      this.upload = upload;
      upload.onReplaced = () => void this.stop(REPLACED, true);
      const { offset } = upload;
      const have = offset === 0 || this.early !== null ? NO_BYTES : await upload.have();
      if (this.early === null) {
        this.state = "open";
        sendAnswer(host.channel, asked, { ok: true, offset, have });
        host.changed();
        return;
      }
      await this.refuse(this.early.why, this.early.keep);
    } catch (error) {
      const { why, keep } = this.early ?? { why: whyNot(host, error), keep: true };
      await this.refuse(why, keep);
    }
  }

  /** Nobody waits for the hash of what an earlier try left, which may be many gigabytes. */
  private stopEarly(why: Why, keep: boolean): void {
    this.early = { why, keep };
    if (this.upload !== null) void this.drop(keep, why.message);
  }

  private take({ offset, bytes }: Chunk): void {
    const { upload } = this;
    if (this.state !== "open" || upload === null) return;
    const { received } = upload;
    if (offset !== received) {
      const message = `a chunk came for offset ${offset}, and ${received} is next; put again with resume`;
      return void this.end({ code: "bad-offset", message }, true);
    }
    try {
      upload.write(bytes);
    } catch (error) {
      void this.end(whyNot(this.host, error), true);
    }
  }

  /** It was not granted. */
  private async refuse({ code, message }: Why, keep: boolean): Promise<void> {
    this.state = "over";
    await this.drop(keep, message);
    sendRefusal(this.host.channel, this.asked, code, message);
    this.host.done(this);
  }

  /** It was granted, and does not get done. */
  private async end(why: Why, keep: boolean): Promise<void> {
    this.state = "over";
    this.broken = why;
    this.host.changed();
    await this.drop(keep, why.message);
    sendEnd(this.host.channel, { id: this.asked.id, event: "end", error: why });
    this.host.done(this);
  }

  private async drop(keep: boolean, detail: string): Promise<void> {
    try {
      await (keep ? this.upload?.keep(detail) : this.upload?.discard(detail));
    } catch (error) {
      whyNot(this.host, error);
    }
  }
}

const REPLACED: Why = { code: "replaced", message: "another connection has taken this upload over" };
