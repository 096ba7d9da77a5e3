import type { Charset } from "../../src/bytes/charset.ts";
import { Lines } from "../../src/bytes/lines.ts";
import type { CloseReason, Connection } from "../../src/net/protocol.ts";
import { inTurns, type MessageHandler } from "../../src/net/turns.ts";
import { ControlTelnet } from "./control-telnet.ts";
import { rawBytes } from "./raw-line.ts";
import { type Reply, replyText } from "./reply.ts";
import { strangerByHead } from "./stranger.ts";

/** The longest line, in bytes without its end. */
export const MAX_LINE = 4096;
/**
 * Bytes of lines that may wait for a transfer to end; who sends more is not read until it has. Enough for a client that
 * says NOOP every 15 s for a day.
 */
const MAX_WAITING = 64 * 1024;
/** A line end, and what it costs to keep even an empty line. */
const LINE_COST = 8;
const IAC = 255;

/**
 * The control connection: lines in, replies out. Lines are obeyed one after the other. While a transfer runs those alone are
 * that may interrupt it; the others wait for its end, in their order.
 */
export abstract class Conversation implements MessageHandler<string | null> {
  private lines = new Lines(MAX_LINE, rawBytes);
  private readonly telnet = new ControlTelnet();
  /** The lines of the chunk that is being handled. */
  private input: Iterator<string | null> = [].values();
  private readonly waiting: (string | null)[] = [];
  /** Of these lines, with what it costs to keep them. */
  private waitingBytes = 0;
  private onRoom: (() => void) | null = null;
  /** Lines that waited are being obeyed. */
  protected replaying = false;
  private isFresh = true;
  /** The deadline of something that was begun runs. */
  private timed = false;
  private full = false;

  constructor(
    readonly conn: Connection,
    /** A line or a login that was begun must be complete within so many milliseconds. */
    private readonly messageMs: number,
  ) {}

  /** How text is written now. */
  protected abstract readonly charset: Charset;
  /** A transfer runs. */
  protected abstract readonly isBusy: boolean;
  /** USER came, and PASS has to follow. */
  protected abstract readonly loginBegun: boolean;
  /** Whether a line is obeyed although a transfer runs. */
  protected abstract interrupts(line: string): boolean;
  /** Does what a line says and replies; null for one that was too long. */
  protected abstract obey(line: string | null): void | Promise<void>;

  /** What waits for a transfer to end is held as well as a line that is not complete. */
  get buffered(): number {
    return this.lines.buffered + this.waitingBytes;
  }

  get stopped(): boolean {
    return this.conn.state !== "open";
  }

  /** So many lines wait that nothing is read, not even whether the client has ended the connection. */
  get isDeaf(): boolean {
    return this.onRoom !== null;
  }

  onData(chunk: Uint8Array): void | Promise<void> {
    const stranger = this.isFresh ? strangerByHead(chunk) : null;
    this.isFresh = false;
    if (stranger !== null) return this.end(stranger.reply, { kind: "violation", detail: stranger.detail });
    this.input = this.lines.push(this.negotiate(chunk));
    const wait = inTurns(this.input, this);
    if (wait) return wait.then(() => this.watch());
    this.watch();
  }

  handle(line: string | null): void | Promise<void> {
    if (!(this.isBusy || this.replaying)) return this.take(line);
    if (this.isBusy && line !== null && this.interrupts(line)) return this.take(line);
    if (this.waitingBytes >= MAX_WAITING) return this.room().then(() => this.handle(line));
    this.waiting.push(line);
    this.waitingBytes += costOf(line);
  }

  reply(code: number, text: string): void {
    this.send({ code, text });
  }

  send(reply: Reply): void {
    this.say(replyText(reply));
  }

  /** Lines with their ends, which are replies or parts of one. */
  say(text: string): void {
    if (text !== "" && !this.conn.send(this.encode(text))) this.full = true;
  }

  /** The client has read most of what was sent to it. */
  async untilRead(): Promise<void> {
    if (!this.full) return;
    this.full = false;
    await this.conn.drained();
  }

  /** Last words, and the end. */
  end(reply: Reply, why: CloseReason = { kind: "local" }): void {
    this.conn.finish(this.encode(replyText(reply)), why);
  }

  /** Byte 255, a letter in some charsets, is doubled, or telnet would take it for a command (RFC 854). */
  protected encode(text: string): Uint8Array {
    const bytes = this.charset.encodeLossy(text);
    if (!bytes.includes(IAC)) return bytes;
    return Uint8Array.from(Array.from(bytes).flatMap((byte) => (byte === IAC ? [IAC, IAC] : byte)));
  }

  /** Whether more has come than the line that is being obeyed. The rest of it is lost by this. */
  protected hasMore(): boolean {
    // The decoder takes up what begins another line when it is asked for the next.
    const line = !this.input.next().done;
    return line || this.lines.buffered > 0 || this.waiting.length > 0;
  }

  /** Obeys what waited, until a transfer runs again or nothing waits. */
  protected async replay(): Promise<void> {
    this.replaying = true;
    const handler = { handle: (line: string | null) => this.take(line), stopped: false };
    // What a line has begun may have ended since the last look, and nobody else goes on then.
    while (this.mayReplay) await inTurns(this.waited(), handler);
    this.replaying = false;
    this.makeRoom();
  }

  /** Who waited to be read on may come. */
  protected makeRoom(): void {
    this.onRoom?.();
    this.onRoom = null;
  }

  private get mayReplay(): boolean {
    return this.waiting.length > 0 && !this.isBusy && !this.stopped;
  }

  private *waited(): Generator<string | null> {
    while (this.mayReplay) {
      const line = this.waiting.shift() ?? null;
      this.waitingBytes -= costOf(line);
      yield line;
    }
  }

  private take(line: string | null): void | Promise<void> {
    const wait = this.obey(line);
    if (wait) return wait.then(() => this.untilRead());
    if (this.full) return this.untilRead();
  }

  private room(): Promise<void> {
    return new Promise((resolve) => (this.onRoom = resolve));
  }

  private negotiate(chunk: Uint8Array): Uint8Array {
    const data = this.telnet.push(chunk, this.charset);
    const answer = this.telnet.answer();
    if (answer !== null && !this.conn.send(answer)) this.full = true;
    return data;
  }

  /** Sets the deadline of what has begun, or clears it. */
  private watch(): void {
    const begun = this.lines.buffered > 0 || this.loginBegun;
    if (begun === this.timed || this.stopped) return;
    this.timed = begun;
    this.conn.deadline("handshake", begun ? this.messageMs : null);
  }
}

function costOf(line: string | null): number {
  return (line?.length ?? 0) + LINE_COST;
}
