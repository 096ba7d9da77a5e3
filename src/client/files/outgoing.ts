import { quote } from "../../bytes/text.ts";
import type { ChunkFrame } from "../chunk.ts";
import { type Answer, type Fields, Refused, refusalOf, textOf, type WireEvent } from "../messages.ts";
import type { ConnectionLost, Follower } from "../wire.ts";
import type { FilesConnection } from "./connection.ts";
import { Untrustworthy } from "./trouble.ts";

/** Why nothing is put where another file is. */
export function whyTaken(path: string): string {
  return `${quote(path, 200)} is there already and is another file; --force replaces it where you may`;
}

/** The bytes of a file on their way to the server, which may break it off at any time. */
export class Outgoing implements Follower {
  /** Told once, when it is broken off by the server or by the end of the connection. */
  onBroken: (() => void) | null = null;
  private broken: Error | null = null;
  private id = 0;

  private constructor(private readonly conn: FilesConnection) {}

  /** Asks whether a file may be put. Rejects with Refused, or when the connection ends. */
  static async begin(conn: FilesConnection, fields: Fields): Promise<{ outgoing: Outgoing; answer: Answer }> {
    const outgoing = new Outgoing(conn);
    return { outgoing, answer: await outgoing.ask(fields) };
  }

  /** Puts a file that has room in one frame, without waiting for an answer before all is sent. Rejects as `begin` and `end`. */
  static async atOnce(conn: FilesConnection, fields: Fields, frame: ChunkFrame, sha256: string): Promise<void> {
    const outgoing = new Outgoing(conn);
    const granted = outgoing.ask(fields);
    const { length } = frame.room;
    const sent = length === 0 ? null : outgoing.send(frame, 0, length);
    // Why the put is refused says more than that there is nothing then to end.
    for (const end of await Promise.allSettled([granted, sent, outgoing.end({ sha256 })])) {
      if (end.status === "rejected") throw end.reason;
    }
  }

  /** Sends the first `length` bytes of a frame's room; resolves when there is room for more. */
  async send(frame: ChunkFrame, offset: number, length: number): Promise<void> {
    this.check();
    await this.conn.wire.sendChunk(frame.seal(this.id, offset, length));
  }

  /** All was sent: the file gets its name. Rejects with Refused when the server did not take it. */
  async end(expect: { readonly size?: number; readonly sha256: string }): Promise<void> {
    this.check();
    try {
      const answer = await this.conn.ask("end", { of: this.id, ...expect });
      if (textOf(answer, "sha256") !== expect.sha256) {
        throw new Untrustworthy("the server does not confirm the hash of what was sent");
      }
    } catch (error) {
      // Broken off while the end was on its way: that tells why, not that there is nothing to end.
      throw error instanceof Refused ? (this.broken ?? error) : error;
    } finally {
      this.conn.wire.unfollow(this.id);
    }
  }

  /** Breaks it off and lets the server forget what it got. */
  async cancel(): Promise<void> {
    await this.conn.ask("cancel", { of: this.id }).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
    });
    this.conn.wire.unfollow(this.id);
  }

  chunk(): void {
    this.breakOff(new Untrustworthy("the server sends bytes of a file that it is sent"));
  }

  event(event: WireEvent | Refused): void {
    this.breakOff(event instanceof Refused ? event : refusalOf(event));
  }

  lost(error: ConnectionLost): void {
    this.breakOff(error);
  }

  /** @throws when it is broken off */
  check(): void {
    if (this.broken !== null) throw this.broken;
  }

  private ask(fields: Fields): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.id = this.conn.wire.send("put", fields, (outcome) => {
      if (outcome instanceof Error) {
        reject(outcome);
        return;
      }
      this.conn.wire.follow(this.id, this);
      resolve(outcome);
    });
    return promise;
  }

  private breakOff(why: Error): void {
    if (this.broken !== null) return;
    this.broken = why;
    this.onBroken?.();
  }
}
