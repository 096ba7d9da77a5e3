import type { Charset } from "../../src/bytes/charset.ts";
import { edit } from "../../src/bytes/edit.ts";
import { Lines } from "../../src/bytes/lines.ts";
import { Telnet } from "../../src/bytes/telnet.ts";
import type { RoomState } from "../../src/chat/command.ts";
import type { Delivery } from "../../src/chat/event.ts";
import type { Hub } from "../../src/chat/hub.ts";
import type { Ignored } from "../../src/chat/ignored.ts";
import type { Member, Seat } from "../../src/chat/member.ts";
import type { Clock } from "../../src/clock.ts";
import type { Access } from "../../src/files/access.ts";
import type { Reach } from "../../src/files/ways.ts";
import { floodKey } from "../../src/net/address.ts";
import type { ByNetwork } from "../../src/net/by-network.ts";
import type { CloseReason, Connection, Session, Who } from "../../src/net/protocol.ts";
import { reachedAt } from "../../src/net/reached-at.ts";
import { inTurns, type MessageHandler } from "../../src/net/turns.ts";
import { quitReason } from "../quit-reason.ts";
import { arrival } from "./arrival.ts";
import { runCommand } from "./commands.ts";
import { farewellFor } from "./endings.ts";
import { formOf, type LineForm } from "./form.ts";
import { noticeLines } from "./render.ts";
import { HEAD_LENGTH, type Stranger, strangerByHead, strangerByLine } from "./stranger.ts";
import { say } from "./talking.ts";
import type { Typist } from "./typist.ts";

/** The longest line, in bytes without its end. */
export const MAX_LINE = 8192;
const IAC = 255;
/** A terminal shows a tab as so many columns at most; a message cannot hold a tab. */
const TAB = "    ";

/** What all sessions of a door share. */
export interface LineHost {
  readonly hub: Hub;
  /** A line begun must be complete within so many milliseconds. */
  readonly messageMs: number;
  /** How peers write; UTF-8 where nothing is said. */
  readonly charsets: ByNetwork<Charset>;
  /** The files as a peer sees them; null when none are shared. */
  enterFiles(conn: Connection): Access | null;
  readonly clock: Clock;
  portOf(door: string): number | null;
  /** The page's address for who reached this machine at `host`; null: there is none. */
  pageFor(host: string): string | null;
  /** Where it finds the files. */
  reachFor(host: string): Reach;
}

/** The hub did not let somebody in. `message` is a sentence for them. */
export class EntryRefused extends Error {
  override readonly name = "EntryRefused";
}

/**
 * Somebody who chats by netcat or telnet. There may be 10,000 who say nothing, so it has few fields, and what only some
 * need is made when it is needed.
 */
export class LineSession implements Session, Member, Typist, MessageHandler<string | null> {
  readonly seat: Seat;
  room: string | null = null;
  ignored: Ignored | null = null;
  private readonly form: LineForm;
  private lines: Lines | null = null;
  private telnet: Telnet | null = null;
  /** The connection's first bytes as latin1, until the first line has shown that it is a chat client's. */
  private head: string | null = "";
  /** A line has begun, and its deadline runs. */
  private begun = false;
  /** The peer does not read its answers; no more of its lines are handled until it does. */
  private full = false;

  /** @throws EntryRefused */
  constructor(
    private readonly host: LineHost,
    private readonly conn: Connection,
  ) {
    const entered = host.hub.enter(this, { peer: floodKey(conn) });
    if (!entered.ok) throw new EntryRefused(entered.error.message);
    this.seat = entered.seat;
    this.form = formOf(host.charsets.of(conn.remote.host));
    const [state] = entered.rooms;
    this.room = state?.room ?? null;
    this.greet(state);
  }

  get buffered(): number {
    return this.lines?.buffered ?? 0;
  }

  get reach(): Reach {
    return this.host.reachFor(reachedAt(this.conn));
  }

  get who(): Who {
    return { name: this.seat.name, account: null };
  }

  get stopped(): boolean {
    return this.conn.state !== "open";
  }

  onData(chunk: Uint8Array): void | Promise<void> {
    const data = this.telnet !== null || chunk.includes(IAC) ? this.negotiate(chunk) : chunk;
    if (this.head !== null) {
      this.head += Buffer.from(data.subarray(0, HEAD_LENGTH - this.head.length)).toString("latin1");
      const stranger = strangerByHead(this.head);
      if (stranger) return this.turnAway(stranger);
    }
    this.lines ??= new Lines(MAX_LINE, this.form.charset);
    return this.work(this.lines.push(data));
  }

  handle(line: string | null): void | Promise<void> {
    this.watch(false);
    const wait = this.take(line);
    if (wait) return wait;
    if (this.full) return this.untilRead();
  }

  onPeerEnd(): void {
    const last = this.lines === null ? undefined : this.work(this.lines.end());
    if (last === undefined) this.conn.finish();
    else this.whenDone(last, () => this.conn.finish());
  }

  onShutdown(): void {
    this.end({ kind: "shutdown" });
  }

  onClose(why: CloseReason): void {
    this.seat.leave(quitReason(why));
  }

  farewell(why: CloseReason): Uint8Array | undefined {
    const words = farewellFor(why);
    return words === null ? undefined : this.form.notice(words);
  }

  deliver(d: Delivery): void {
    if (this.ignored?.hides(d.event)) return;
    this.conn.send(d.as(this.form.codecFor(d.event, this.room)));
  }

  replaced(): void {
    this.end({ kind: "replaced" });
  }

  tell(text: string): void {
    this.send(this.form.notice(text));
  }

  show(lines: string): void {
    if (lines !== "") this.send(this.form.encode(lines));
  }

  enterFiles(): Access | null {
    return this.host.enterFiles(this.conn);
  }

  now(): number {
    return this.host.clock.now();
  }

  quit(words: string): void {
    this.seat.leave(words);
    this.conn.finish(this.form.notice("good-bye"), { kind: "local" });
  }

  private greet(state: RoomState | undefined): void {
    const hello = noticeLines(
      `tincan: you are ${this.seat.name} in ${this.room}; /nick NAME renames you; /help for more`,
    );
    const rest = state ? arrival(this, state) : "";
    if (typeof rest === "string") {
      this.show(hello + rest);
      return;
    }
    this.show(hello);
    this.whenDone(rest, (lines) => this.show(lines));
  }

  /** For work that nobody awaits: what goes wrong in it ends this connection and no other. */
  private whenDone<T>(work: Promise<T>, then: (result: T) => void): void {
    work.then(then).catch((error: Error) => this.conn.kill({ kind: "error", error }));
  }

  private send(bytes: Uint8Array): void {
    if (!this.conn.send(bytes)) this.full = true;
  }

  private end(why: CloseReason): void {
    this.conn.finish(this.farewell(why), why);
  }

  /** Somebody who does not chat: nothing of theirs may reach the room. */
  private turnAway({ detail, answer }: Stranger): void {
    const why: CloseReason = { kind: "violation", detail };
    this.seat.leave(quitReason(why));
    this.conn.finish(answer(this.host, reachedAt(this.conn)), why);
  }

  private negotiate(chunk: Uint8Array): Uint8Array {
    if (!this.form.telnet) return chunk;
    this.telnet ??= new Telnet();
    const data = this.telnet.push(chunk);
    const answer = this.telnet.answer();
    if (answer) this.send(answer);
    return data;
  }

  /** Handles lines one after the other. A promise when it takes longer than a turn; the peer is not read meanwhile. */
  private work(lines: Iterator<string | null>): void | Promise<void> {
    const wait = inTurns(lines, this);
    return wait ? wait.then(() => this.rest()) : this.rest();
  }

  /** All lines are handled; what is left is the beginning of the next, or of a subnegotiation that hides it. */
  private rest(): void {
    if (!this.stopped) this.watch(this.lines?.unfinished === true || this.telnet?.isSkipping === true);
  }

  private async untilRead(): Promise<void> {
    this.full = false;
    await this.conn.drained();
  }

  /** Sets the deadline of a line that has begun, or clears it. */
  private watch(begun: boolean): void {
    if (begun === this.begun) return;
    this.begun = begun;
    this.conn.deadline("handshake", begun ? this.host.messageMs : null);
  }

  private take(line: string | null): void | Promise<void> {
    const text = line === null ? null : edit(line).replaceAll("\t", TAB);
    if (text?.trim() === "") return;
    if (this.head !== null) {
      const first = line ?? this.head.trimStart();
      // As it was sent, and as it would be said: neither an editing key nor a telnet command gets a request past this.
      const stranger = strangerByLine(first) ?? strangerByLine(edit(first));
      if (stranger) return this.turnAway(stranger);
      this.head = null;
    }
    if (text === null) return this.tell(`that line was too long and was not said; the limit is ${MAX_LINE} bytes`);
    if (!text.startsWith("/")) return say(this, "say", text);
    return text.startsWith("//") ? say(this, "say", text.slice(1)) : runCommand(this, text);
  }
}
