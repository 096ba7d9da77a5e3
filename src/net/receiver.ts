import { EAGAIN, EINTR, receive } from "../libc.ts";
import type { CloseReason, Session } from "./protocol.ts";
import type { Reader } from "./read-turns.ts";
import { Sender } from "./sender.ts";

/**
 * What is lent to sessions that borrow. Bun copies what it receives into memory that is new for every chunk, and a GiB of
 * that must be collected: an upload by FTP cost 1.4 times what vsftpd needs. This stays in the processor's cache.
 */
const lent = Buffer.allocUnsafeSlow(512 * 1024);
/** Less is not worth the system call. */
const MUCH = 16 * 1024;
/** Bun has a buffer of 512 KiB for what it reads, and at once reads again when less than 24 KiB of it were free. */
const FULL = 488 * 1024;

/**
 * The receiving half of a connection: hands chunks to the session one after the other, and reads no faster than the
 * session handles them. Bun neither waits for an async handler nor stops delivering for it, so the socket is paused.
 */
export abstract class Receiver extends Sender implements Reader {
  /** Bytes of a message that is not complete, as the input budget was told. */
  private heldInput = 0;
  protected session: Session | null = null;
  protected paused = false;
  protected peerEnded = false;
  /** The session has said its last words: what still comes is discarded. */
  protected deaf = false;
  /** Bytes that came after our own end; -1 before it. */
  private lingered = -1;
  /** Chunks that Bun delivered although the socket was paused (several TLS records can come at once). */
  private backlog: Uint8Array[] | null = null;

  abstract finish(): void;
  abstract end(why: CloseReason): void;
  protected abstract close(): void;
  /** Behind our own end it is read on for longer than usual. */
  protected abstract get hearsOut(): boolean;

  /** Makes the session; what that throws ends this connection. */
  begin(open: () => Session): void {
    try {
      this.attach(open());
    } catch (error) {
      this.fail(error);
    }
  }

  /** The connection belongs to a session from now on, and reading begins. */
  attach(session: Session): void {
    this.session = session;
    if (this.paused) this.resume();
  }

  /** Nothing is read until `attach`, or until what the session waits for has settled. */
  pause(): void {
    this.paused = true;
    this.socket.pause();
  }

  onChunk(chunk: Uint8Array): void {
    this.received(chunk.length);
    if (this.state !== "open" || this.deaf) this.discard(chunk.length);
    else if (!this.paused) {
      this.handle(chunk);
      if (chunk.length >= MUCH) this.takeTurns(chunk.length);
    } else if (this.backlog) this.backlog.push(chunk);
    else this.backlog = [chunk];
  }

  onPeerEnd(): void {
    this.peerEnded = true;
    if (this.state === "finishing") this.queue();
    if (this.state !== "open" || this.paused) return;
    try {
      if (this.session?.onPeerEnd) this.session.onPeerEnd();
      else this.finish();
    } catch (error) {
      this.fail(error);
    }
    this.accountInput();
  }

  /** Whether it waits at this moment: it is not read (flood limit, login, disk), or does not read what it is sent. */
  get waiting(): boolean {
    return this.blocked || (this.paused && !this.runtime.readTurns.awaits(this));
  }

  /** Everybody else has had a turn. */
  readOn(): void {
    if (this.state === "closed") return;
    this.paused = false;
    // As long as there is something to borrow, Bun need not be asked to watch the socket again.
    if (this.borrows && this.lend()) this.waitForTurn();
    else if (!this.paused) this.resume();
  }

  /** Bytes held now of a message that is not complete. A session may have taken them up since the last chunk. */
  measureInput(): number {
    this.accountInput();
    return this.heldInput;
  }

  /** All half-received input together is too much: ends with last words, or at once when those were said before. */
  giveUpInput(): void {
    if (this.state === "open") {
      this.end({ kind: "busy" });
      return;
    }
    this.kill({ kind: "busy" });
    this.accountInput();
  }

  /** Chunks have come that the session has not been given yet. */
  protected get hasBacklog(): boolean {
    return this.backlog !== null;
  }

  /** Our own end is told, and we read on for the peer's. */
  protected get lingering(): boolean {
    return this.lingered >= 0;
  }

  protected linger(): void {
    this.lingered = 0;
    if (this.paused) this.socket.resume();
  }

  /** Gives up what was received and not handled. */
  protected dropInput(): void {
    this.backlog = null;
    this.accountInput();
  }

  protected handle(chunk: Uint8Array): void {
    const { session } = this;
    if (session === null) return;
    try {
      const busy = session.onData(chunk);
      if (busy !== undefined) this.waitFor(busy);
    } catch (error) {
      this.fail(error);
    }
    this.accountInput();
  }

  private received(bytes: number): void {
    this.group.bytesIn += bytes;
    this.lastActive = this.runtime.flusher.turnTime();
  }

  /** After a large chunk: reads on at once for a session that borrows; whoever sends more than a turn's worth waits. */
  private takeTurns(length: number): void {
    const more = this.borrows ? this.lend() : length >= FULL;
    if (!more || this.paused || this.state !== "open") return;
    this.socket.pause();
    this.waitForTurn();
  }

  private waitForTurn(): void {
    this.paused = true;
    this.runtime.readTurns.wait(this);
  }

  private get borrows(): boolean {
    return this.session?.borrows === true && this.tls === null;
  }

  /** Reads on, past Bun, for a session that does not keep what it gets; whether there may be more. */
  private lend(): boolean {
    const { clock, flusher, readTurns } = this.runtime;
    const until = clock.mono() + readTurns.lendingTime(flusher.turnTime());
    while (!this.paused && this.state === "open") {
      if (clock.mono() >= until) return true;
      const got = receive(this.socket.fd, lent);
      if (got < 0 && got !== -EAGAIN && got !== -EINTR) {
        // Linux has told this error, and Bun would find an end that the peer has never said.
        this.kill({ kind: "peer" });
        return false;
      }
      // The end is for Bun to find.
      if (got <= 0) return false;
      this.received(got);
      this.handle(lent.subarray(0, got));
      if (got < MUCH) return false;
    }
    return false;
  }

  private waitFor(busy: Promise<void>): void {
    if (!this.paused) this.pause();
    busy.then(
      () => this.resume(),
      (error) => this.fail(error),
    );
  }

  private resume(): void {
    this.paused = false;
    this.accountInput();
    while (this.backlog !== null && this.state === "open" && !this.paused) {
      const chunk = this.backlog.shift();
      if (this.backlog.length === 0) this.backlog = null;
      if (chunk) this.handle(chunk);
    }
    if (this.paused || this.closed) return;
    this.socket.resume();
    if (this.peerEnded && this.state === "open") this.onPeerEnd();
  }

  /** What comes after our own end is read, so that the peer gets no RST, but not without bound. */
  private discard(bytes: number): void {
    if (!this.lingering) return;
    this.lingered += bytes;
    const { lingerBytes, hearsOutBytes } = this.runtime.limits;
    if (this.lingered > (this.hearsOut ? hearsOutBytes : lingerBytes)) this.close();
  }

  private accountInput(): void {
    const held = this.closed ? 0 : (this.session?.buffered ?? 0);
    if (held === this.heldInput) return;
    const delta = held - this.heldInput;
    this.heldInput = held;
    this.runtime.inputBudget.change(delta);
  }
}
