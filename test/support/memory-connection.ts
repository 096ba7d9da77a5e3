import { readSync } from "node:fs";
import type { Address } from "../../src/net/address.ts";
import type { CloseReason, Connection, DeadlineKind, FileSlice, Session } from "../../src/net/protocol.ts";

/** A connection in memory: remembers what a session does with it, and plays its peer. */
export class MemoryConnection implements Connection {
  readonly remote: Address;
  readonly local: Address = { family: "ipv4", host: "127.0.0.1", port: 8400 };
  readonly tls = null;
  readonly proxied = null;
  readonly pending = 0;
  state: "open" | "finishing" | "closed" = "open";
  why: CloseReason | null = null;
  /** The deadlines that run, in milliseconds. */
  readonly deadlines = new Map<DeadlineKind, number>();
  /** How often a deadline was set or cleared. */
  deadlineCalls = 0;
  /** What `send` was given, piece by piece. */
  readonly pieces: Uint8Array[] = [];
  session: Session | null = null;
  /** The peer does not read: `send` says false, and `drained` waits for this. */
  private frozen: PromiseWithResolvers<boolean> | null = null;
  private filesAlone = false;

  constructor(
    readonly id: number,
    host = "127.0.0.1",
  ) {
    this.remote = { family: "ipv4", host, port: 40_000 + id };
  }

  send(bytes: Uint8Array): boolean {
    if (this.state === "open") this.pieces.push(bytes);
    return this.frozen === null || this.filesAlone;
  }

  drained(): Promise<boolean> {
    return this.filesAlone ? Promise.resolve(true) : (this.frozen?.promise ?? Promise.resolve(true));
  }

  deadline(kind: DeadlineKind, ms: number | null): void {
    this.deadlineCalls += 1;
    if (ms === null) this.deadlines.delete(kind);
    else this.deadlines.set(kind, ms);
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

  /** The bytes are read at once; they count as taken when the peer reads. */
  async sendFile({ fd, offset, length, onBytes }: FileSlice): Promise<number> {
    if (this.state !== "open") return 0;
    const bytes = Buffer.alloc(length);
    const got = readSync(fd, bytes, 0, length, offset);
    onBytes?.(bytes.subarray(0, got));
    this.pieces.push(bytes);
    await this.frozen?.promise;
    return this.closed ? 0 : length;
  }

  private get closed(): boolean {
    return this.state === "closed";
  }

  startTls(): never {
    throw new Error("a connection in memory speaks no TLS");
  }

  /** The peer stops reading, until `thaw`; with `files` only pieces of files are not taken. */
  freeze(what: "all" | "files" = "all"): void {
    this.frozen = Promise.withResolvers();
    this.filesAlone = what === "files";
  }

  thaw(): void {
    this.frozen?.resolve(true);
    this.frozen = null;
  }

  /** The bytes sent since this was last asked. */
  takeBytes(): Buffer {
    return Buffer.concat(this.pieces.splice(0));
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

  /** What the peer types, as one chunk. */
  type(text: string | Uint8Array): Promise<void> {
    return this.push(Buffer.from(text));
  }

  /** What the peer sends, as one chunk; settles when the session would read on. After the end it is discarded. */
  async push(bytes: Uint8Array): Promise<void> {
    if (this.state === "open") await this.session?.onData(new Uint8Array(bytes));
  }

  /** A deadline passes, or the daemon wants it so: as the real connection ends then. */
  end(why: CloseReason): void {
    this.finish(this.session?.farewell?.(why), why);
  }

  /** The socket is gone. */
  close(why: CloseReason = this.why ?? { kind: "peer" }): void {
    this.state = "closed";
    this.thaw();
    this.session?.onClose?.(why);
  }
}
