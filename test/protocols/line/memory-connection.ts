import type { Address } from "../../../src/net/address.ts";
import type { CloseReason, Connection, DeadlineKind, Session } from "../../../src/net/protocol.ts";

/** A connection in memory: remembers what a session does with it, and plays its peer. */
export class MemoryConnection implements Connection {
  readonly remote: Address;
  readonly local: Address = { family: "ipv4", host: "127.0.0.1", port: 8423 };
  readonly tls = null;
  readonly pending = 0;
  state: "open" | "finishing" | "closed" = "open";
  why: CloseReason | null = null;
  /** Every call of `deadline`. */
  readonly deadlines: [DeadlineKind, number | null][] = [];
  /** What `send` answers, and what `drained` waits for. */
  drain: Promise<boolean> | null = null;
  session: Session | null = null;
  private said = Buffer.alloc(0);

  constructor(
    readonly id: number,
    host = "127.0.0.1",
  ) {
    this.remote = { family: "ipv4", host, port: 40_000 };
  }

  send(bytes: Uint8Array): boolean {
    if (this.state === "open") this.said = Buffer.concat([this.said, bytes]);
    return this.drain === null;
  }

  drained(): Promise<boolean> {
    return this.drain ?? Promise.resolve(true);
  }

  deadline(kind: DeadlineKind, ms: number | null): void {
    this.deadlines.push([kind, ms]);
  }

  finish(lastWords?: Uint8Array, why: CloseReason = { kind: "local" }): void {
    if (this.state !== "open") return;
    if (lastWords) this.send(lastWords);
    this.state = "finishing";
    this.why = why;
  }

  kill(why: CloseReason, lastWords?: Uint8Array): void {
    this.finish(lastWords, why);
    this.state = "closed";
  }

  sendFile(): never {
    throw new Error("the line door sends no files");
  }

  startTls(): never {
    throw new Error("the line door starts no TLS");
  }

  /** The bytes sent since this was last asked. */
  takeBytes(): Buffer {
    const bytes = this.said;
    this.said = Buffer.alloc(0);
    return bytes;
  }

  /** The same as lines without their ends. Throws where a line does not end in CR LF. */
  take(): string[] {
    const text = this.takeBytes().toString();
    const lines = text.split("\r\n");
    if (lines.pop() !== "" || lines.some((line) => /[\r\n]/.test(line))) {
      throw new Error(`not lines that end in CR LF: ${JSON.stringify(text)}`);
    }
    return lines;
  }

  /** What the peer sends, as one chunk; settles when the session would read on. */
  async type(data: string | Uint8Array): Promise<void> {
    await this.session?.onData(typeof data === "string" ? new TextEncoder().encode(data) : data.slice());
  }

  /** The socket is gone. */
  close(why: CloseReason = this.why ?? { kind: "peer" }): void {
    this.state = "closed";
    this.session?.onClose?.(why);
  }
}
