import { type Answer, numberOf, Refused, refusalOf, textOf, type WireEvent } from "../messages.ts";
import type { ConnectionLost, Follower } from "../wire.ts";
import type { FilesConnection } from "./connection.ts";
import { readSize } from "./entry.ts";
import { hashSoFar, sha256 } from "./hashing.ts";
import { Changed, Untrustworthy, WrongHash } from "./trouble.ts";

/** Bytes that may wait for a slow disk or reader before the server is not listened to any more, and until it is again. */
const HIGH = 2 * 1024 * 1024;
const LOW = 512 * 1024;

/** What a server says of a file before its bytes. */
export interface Head {
  readonly size: number;
  readonly mtime: number;
  readonly version: string;
}

/** What is asked for. With `version` only if it is still that one. */
export interface Part {
  readonly offset?: number;
  readonly length?: number;
  readonly version?: string;
}

/** The bytes of a file on their way here, in order, proved by the hash that comes behind them. */
export class Incoming implements Follower {
  readonly head: Head;
  private readonly queue: Uint8Array[] = [];
  private queued = 0;
  private at: number;
  private readonly to: number;
  private end: WireEvent | Error | null = null;
  private wake = () => {};

  private constructor(
    private readonly conn: FilesConnection,
    private readonly id: number,
    answer: Answer,
    { offset = 0, length }: Part,
    private readonly hasher: Bun.CryptoHasher,
  ) {
    const size = readSize(answer["size"]);
    this.head = { size, mtime: numberOf(answer, "mtime") ?? 0, version: textOf(answer, "version") };
    this.at = offset;
    this.to = length === undefined ? size : Math.min(size, offset + length);
    if (offset > size) throw new Changed("it is shorter than it was");
  }

  /**
   * Asks for a file, or a part of it. Rejects with Refused, with Changed, or when the connection ends.
   * @param hasher gets all bytes that {@link next} gives
   */
  static begin(conn: FilesConnection, path: string, part: Part = {}, hasher = sha256()): Promise<Incoming> {
    const { promise, resolve, reject } = Promise.withResolvers<Incoming>();
    const id = conn.wire.send("get", { path, ...part }, (outcome) => {
      try {
        if (outcome instanceof Refused) throw asChange(outcome);
        if (outcome instanceof Error) throw outcome;
        const incoming = new Incoming(conn, id, outcome, part, hasher);
        conn.wire.follow(id, incoming);
        resolve(incoming);
      } catch (error) {
        reject(error);
      }
    });
    return promise;
  }

  /**
   * The next bytes, or null when all have come and are what the server sent. Rejects with Changed, Untrustworthy,
   * WrongHash, Refused or ConnectionLost.
   */
  async next(): Promise<Uint8Array | null> {
    while (this.queue.length === 0 && this.end === null) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.wake = resolve;
      await promise;
    }
    const bytes = this.queue.shift();
    if (bytes === undefined) return this.ended();
    this.queued -= bytes.length;
    if (this.queued < LOW && this.conn.wire.paused) this.conn.wire.resume();
    this.hasher.update(bytes);
    return bytes;
  }

  chunk(offset: number, bytes: Uint8Array): void {
    if (this.end !== null) return;
    if (offset !== this.at) this.finish(new Untrustworthy("the server left out bytes of the file"));
    else if (this.at + bytes.length > this.to)
      this.finish(new Untrustworthy(`the server sends more than the ${this.to} bytes that it announced`));
    else this.take(bytes);
  }

  event(event: WireEvent | Refused): void {
    this.conn.wire.unfollow(this.id);
    this.finish(event);
  }

  lost(error: ConnectionLost): void {
    this.finish(error);
  }

  private take(bytes: Uint8Array): void {
    this.at += bytes.length;
    this.queue.push(bytes);
    this.queued += bytes.length;
    if (this.queued > HIGH) this.conn.wire.pause();
    this.wake();
  }

  private finish(end: WireEvent | Error): void {
    this.end ??= end;
    this.wake();
  }

  private ended(): null {
    const { end } = this;
    if (end instanceof Error) throw end;
    const error = end?.["error"];
    if (error !== undefined) throw asChange(refusalOf(end ?? {}));
    if (this.at !== this.to) {
      throw new Untrustworthy(`the server sent ${this.at} of the ${this.to} bytes that it announced`);
    }
    if (textOf(end ?? {}, "sha256") !== hashSoFar(this.hasher)) throw new WrongHash();
    return null;
  }
}

function asChange(error: Refused): Error {
  return error.code === "changed" ? new Changed("it changed on the server while it was fetched") : error;
}
