import { NoAnswer } from "../../lib/ask.ts";
import { backoff } from "../../lib/backoff.ts";
import { httpError } from "../../lib/http-error.ts";
import type { Hasher, Hashing } from "./hasher.ts";
import { PieceSize } from "./piece-size.ts";
import { contentRange, reprDigest } from "./pieces.ts";
import type { Put, PutAnswer } from "./transport.ts";

/** A file and where it is to lie. */
export interface Shipment {
  readonly file: Blob;
  readonly path: string;
  /** In milliseconds since 1970; with path and size it tells an earlier try from another file. */
  readonly mtime: number;
  readonly overwrite: boolean;
  /** The account that it was begun by; null: nobody. */
  readonly user: string | null;
  /** An earlier try may have left something. */
  readonly resume: boolean;
}

/** What happens on the way. */
export interface Reports {
  /** Bytes that the server has, or that have left for it. */
  sent(bytes: number): void;
  /** `of`: of how many that are waited for first. */
  hashed(bytes: number, of: number): void;
  phase(phase: "checking" | "sending" | "hashing" | "storing" | "retrying"): void;
}

export interface Means {
  readonly put: Put;
  readonly hasher: Hasher;
  /** Waits; ends early when there is a reason to try again at once. @throws the signal's reason */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The SHA-256 of a file of the share; null if that cannot be told. */
  readonly hashOf: (path: string) => Promise<string | null>;
}

/** What the server has is not what was sent. */
export class NotWhole extends Error {
  override readonly name = "NotWhole";
}

const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Uploads a file in pieces, each behind the last byte that the server has kept. Trouble that may pass is waited out.
 * @returns the SHA-256 that both sides have found
 * @throws HttpError, NotWhole, or the signal's reason
 */
export async function sendFile(ship: Shipment, means: Means, reports: Reports, signal: AbortSignal): Promise<string> {
  const sending = new Sending(ship, means, reports, signal);
  try {
    return await sending.run();
  } finally {
    sending.stop();
  }
}

class Sending {
  #offset = 0;
  readonly #piece: PieceSize;
  #tries = 0;
  /** Pieces in a row that have left and got no answer of the server's own, though it may be there. */
  #failures = 0;
  #hashing: Hashing | null = null;
  /** The last piece has left and nobody knows what became of it. */
  #unsure = false;

  constructor(
    private readonly ship: Shipment,
    private readonly means: Means,
    private readonly reports: Reports,
    private readonly signal: AbortSignal,
  ) {
    this.#piece = new PieceSize(ship.file.size);
  }

  async run(): Promise<string> {
    const { ship, reports } = this;
    if (ship.resume) await this.#findPart();
    this.#hashing ??= this.#hash(0);
    reports.phase("sending");
    for (;;) {
      const end = Math.min(this.#offset + this.#piece.bytes, ship.file.size);
      const answer = await this.#send(this.#offset, end);
      if (answer !== null) return this.#prove(answer);
    }
  }

  stop(): void {
    this.#hashing?.stop();
  }

  /** Asks what an earlier try left. Unless it is the beginning of this very file, the upload begins anew. */
  async #findPart(): Promise<void> {
    const { file } = this.ship;
    if (file.size === 0) return;
    this.reports.hashed(0, file.size);
    this.reports.phase("checking");
    const { body } = await this.#until(() => this.#put(null, contentRange(0, 0, file.size), null), [202]);
    this.reports.phase("checking");
    const { offset = 0, sha256 } = body as { offset?: number; sha256?: string };
    this.#moveTo(offset > 0 && (await this.#headHash(offset)) === sha256 ? offset : 0);
  }

  async #headHash(bytes: number): Promise<string> {
    for (;;) {
      this.#hashing = this.#hash(bytes);
      try {
        return await abortable(this.#hashing.head, this.signal);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        await this.#wait();
        this.reports.phase("checking");
      }
    }
  }

  /** One piece, the digest with the last one; null unless the file is there with it. */
  async #send(from: number, end: number): Promise<PutAnswer | null> {
    const { file } = this.ship;
    const isLast = end === file.size;
    const range = file.size === 0 ? null : contentRange(from, end - from, file.size);
    let hasLeft = false;
    const answer = await this.#attempt(async () => {
      const digest = isLast ? reprDigest(await this.#wholeHash()) : null;
      hasLeft = true;
      return this.#put(file.slice(from, end), range, digest);
    });
    if (answer === null) {
      this.#unsure ||= isLast;
      this.reports.sent(this.#offset);
      if (hasLeft) await this.#easeOff();
      return null;
    }
    this.#failures = 0;
    this.reports.phase("sending");
    const { status, offset } = answer;
    if (status === 413 && this.#piece.refused()) return null;
    if (status === 409 && offset !== null && offset !== from) this.#moveTo(offset);
    else if (status === 202) {
      this.#piece.passed();
      this.#moveTo(offset ?? end);
    } else if (status === 201 || status === 204 || (await this.#isThere(status))) return answer;
    else {
      this.reports.sent(this.#offset);
      throw httpError(status, answer.body);
    }
    return null;
  }

  /**
   * A piece was lost twice although the server is there: it is too large for something in between, which has no word for
   * that (a proxy that cuts it off) or lets no request last so long. The next ones are smaller, behind what is kept, and
   * smaller still with each further loss, until one gets through.
   */
  async #easeOff(): Promise<void> {
    const { size } = this.ship.file;
    this.#failures += 1;
    if (this.#failures < 2 || size === 0) return;
    const { status, offset } = await this.#put(null, contentRange(0, 0, size), null).catch(noAnswer);
    if (status !== 202) {
      this.#failures = 0;
      return;
    }
    if (this.#piece.lost()) this.#tries = 0;
    if (offset !== null && offset > this.#offset) this.#moveTo(offset);
  }

  /** Whether a name is taken because an answer was lost and this very file has it by now. */
  async #isThere(status: number): Promise<boolean> {
    if (status !== 409 || !this.#unsure) return false;
    return (await this.means.hashOf(this.ship.path)) === (await this.#wholeHash());
  }

  /** The server's word against this page's own. */
  async #prove({ digest }: PutAnswer): Promise<string> {
    const sha256 = await this.#wholeHash();
    if (digest !== null && !digest.includes(reprDigest(sha256))) throw new NotWhole("the server has other bytes");
    this.reports.sent(this.ship.file.size);
    return sha256;
  }

  async #wholeHash(): Promise<string> {
    this.#hashing ??= this.#hash(0);
    const { whole } = this.#hashing;
    const isLate = Symbol("late");
    try {
      const early = await Promise.race([whole, Promise.resolve(isLate)]);
      if (typeof early === "string") return early;
      this.reports.phase("hashing");
      const sha256 = await abortable(whole, this.signal);
      this.reports.phase("sending");
      return sha256;
    } catch (error) {
      // The next try has another thread.
      this.#hashing = null;
      throw error;
    }
  }

  async #until(ask: () => Promise<PutAnswer>, good: readonly number[]): Promise<PutAnswer> {
    for (;;) {
      const answer = await this.#attempt(ask);
      if (answer === null) continue;
      if (!good.includes(answer.status)) throw httpError(answer.status, answer.body);
      return answer;
    }
  }

  /** Null after trouble that may pass, when it has been waited for; that it is over is known when the server is heard. */
  async #attempt(ask: () => Promise<PutAnswer>): Promise<PutAnswer | null> {
    try {
      const answer = await ask();
      if (!PASSING.has(answer.status)) {
        this.#tries = 0;
        return answer;
      }
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
    await this.#wait();
    return null;
  }

  async #wait(): Promise<void> {
    this.reports.phase("retrying");
    await this.means.pause(backoff(this.#tries), this.signal);
    this.#tries += 1;
  }

  #put(body: Blob | null, range: string | null, digest: string | null): Promise<PutAnswer> {
    const { path, mtime, overwrite, user, file } = this.ship;
    const base = this.#offset;
    return this.means.put({ path, body, range, mtime, digest, overwrite, user }, this.signal, (sent) => {
      // Of a question nothing is sent.
      if (body === null) return;
      this.reports.sent(base + sent);
      this.reports.phase(base + sent < file.size ? "sending" : "storing");
    });
  }

  #moveTo(offset: number): void {
    this.#offset = Math.min(offset, this.ship.file.size);
    this.reports.sent(this.#offset);
  }

  #hash(head: number): Hashing {
    const { file } = this.ship;
    this.reports.hashed(0, head > 0 ? head : file.size);
    return this.means.hasher.hash(file, head, (done) => this.reports.hashed(done, done < head ? head : file.size));
  }
}

function noAnswer(error: unknown): Pick<PutAnswer, "status" | "offset"> {
  if (error instanceof NoAnswer) return { status: 0, offset: null };
  throw error;
}

/** The promise, or the reason why nobody waits for it any more. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([promise, aborted]);
}
