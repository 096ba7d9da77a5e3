import type { BunSocket } from "./bun-socket.ts";
import { FileSegment } from "./file-segment.ts";
import type { Flushable } from "./flusher.ts";
import type { Group } from "./group.ts";
import { Lifetime } from "./lifetime.ts";
import type { Outbox } from "./outbox.ts";
import type { CloseReason, FileSlice } from "./protocol.ts";
import type { TlsInfo } from "./tls.ts";

const NEVER = Number.POSITIVE_INFINITY;
/** Past this much queued in one turn the outbox does not wait for the turn's end. */
const FLUSH_AT = 256 * 1024;

/**
 * The sending half of a connection. What is sent in a turn leaves at its end in one write; what the socket refuses waits
 * for room, up to the cap, over which the peer is too slow and the connection dies.
 */
export abstract class Sender extends Lifetime implements Flushable {
  /**
   * What is queued while it is one buffer, as an answer or a message to a room mostly is. Ten thousand members who are
   * told one thing would otherwise need ten thousand outboxes for a moment: 350 bytes of RSS for each, measured.
   */
  private only: Uint8Array | null = null;
  /** What is queued when it is more than that, or the socket refuses it. */
  private outbox: Outbox | null = null;
  /**
   * When the socket last took something, while it is blocked: it took less than it was offered, and has not said since
   * that there is room. Infinity when it is not.
   */
  private blockedAt = NEVER;
  private queued = false;
  private waiters: ((below: boolean) => void)[] | null = null;

  constructor(
    group: Group,
    protected socket: BunSocket,
  ) {
    super(group);
  }

  abstract readonly tls: TlsInfo | null;
  abstract kill(why: CloseReason, lastWords?: Uint8Array): void;
  /** Something of this connection's own threw: it ends, and nobody else. */
  protected abstract fail(error: unknown): void;
  /** The end of a turn in which the connection queued itself. */
  abstract endTurn(): void;

  protected get blocked(): boolean {
    return this.blockedAt !== NEVER;
  }

  get pending(): number {
    return this.outbox === null ? (this.only?.length ?? 0) : this.outbox.pending;
  }

  send(bytes: Uint8Array): boolean {
    if (this.state !== "open") return false;
    if (bytes.length === 0) return true;
    if (this.outbox === null && this.only === null) this.only = bytes;
    else this.takeOutbox().push(bytes);
    const { pending } = this;
    if (this.blocked) this.account();
    else if (pending > FLUSH_AT) this.flush();
    else {
      if (!this.queued) this.queue();
      return true;
    }
    return this.pending < this.runtime.limits.highWater;
  }

  sendFile(slice: FileSlice): Promise<number> {
    if (this.state !== "open") return Promise.resolve(0);
    return new Promise((settle) => {
      this.takeOutbox().pushFile(new FileSegment(slice, settle));
      if (!this.blocked) this.queue();
    });
  }

  drained(): Promise<boolean> {
    if (this.state === "closed") return Promise.resolve(false);
    if (this.pending < this.runtime.limits.lowWater) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.waiters ??= [];
      this.waiters.push(resolve);
    });
  }

  /** A file that is read off the loop can go on. */
  wake(): void {
    if (this.state !== "closed") this.queue();
  }

  /** `endTurn` will be called once at the end of this turn. */
  protected queue(): void {
    if (this.queued) return;
    this.queued = true;
    this.runtime.flusher.add(this);
  }

  protected unqueue(): void {
    this.queued = false;
  }

  /** Nothing is queued: everything that was sent has left. */
  protected get isEmpty(): boolean {
    return this.outbox === null && this.only === null;
  }

  /** Whether a slice of a file is queued. */
  protected get hasFiles(): boolean {
    return this.outbox !== null && this.outbox.files > 0;
  }

  /**
   * Offers the socket what is queued. What a file or who hears of its progress throws is this connection's end, and not
   * the caller's business: that may be a room's loop over its members, or Bun, which would leave the socket open.
   */
  protected flush(): void {
    if (this.blocked || this.state === "closed") return;
    try {
      if (this.outbox !== null) this.flushOutbox(this.outbox);
      else if (this.only !== null) this.flushOnly(this.only);
      else return;
    } catch (error) {
      this.fail(error);
    }
    if (this.waiters !== null) this.wakeWaiters(this.waiters);
  }

  private flushOnly(bytes: Uint8Array): void {
    this.only = null;
    const taken = Math.max(0, this.socket.write(bytes));
    this.moved(taken);
    if (taken === bytes.length) return;
    this.takeOutbox().push(taken === 0 ? bytes : bytes.subarray(taken));
    this.block(taken > 0);
  }

  private flushOutbox(outbox: Outbox): void {
    const { flusher } = this.runtime;
    const result = outbox.flush(this.socket, this.tls !== null, flusher.joiner, flusher, this);
    this.moved(outbox.taken);
    if (result === "empty") this.release(outbox);
    else if (result === "blocked") this.block(outbox.taken > 0);
    // Bun tells nothing of a peer that has gone while the socket is paused, and the file would stay open until the stall.
    else if (result === "gone") this.kill({ kind: "peer" });
    else if (result === "turn-over") this.queue();
  }

  private moved(bytes: number): void {
    if (bytes === 0) return;
    this.lastActive = this.runtime.flusher.turnTime();
    this.group.bytesOut += bytes;
  }

  /** The socket has room again. */
  protected unblock(): void {
    this.blockedAt = NEVER;
    this.flush();
  }

  /** Drops all that is queued; whoever waits for room is told that there is none. */
  protected dropOutput(): void {
    this.only = null;
    if (this.outbox !== null) {
      this.outbox.clear();
      this.release(this.outbox);
    }
    if (this.waiters !== null) this.wakeWaiters(this.waiters);
  }

  /** The outbox, with what was queued before there was one. */
  private takeOutbox(): Outbox {
    if (this.outbox !== null) return this.outbox;
    const outbox = this.runtime.takeOutbox();
    this.outbox = outbox;
    if (this.only !== null) outbox.push(this.only);
    this.only = null;
    return outbox;
  }

  private block(progress: boolean): void {
    if (!this.blocked || progress) this.blockedAt = this.lastActive;
    this.runtime.sweeper.expect(this.blockedDue());
    this.account();
  }

  protected override blockedDue(): number {
    return this.blockedAt + this.runtime.limits.stallMs;
  }

  protected override unmoved(): void {
    this.kill(this.hasFiles ? { kind: "stall" } : { kind: "slow", pending: this.pending });
  }

  private release(outbox: Outbox): void {
    this.outbox = null;
    if (outbox.accounted > 0) this.runtime.outboxBudget.change(-outbox.accounted);
    outbox.accounted = 0;
    this.runtime.giveOutbox(outbox);
  }

  /** Tells the budget what the socket has refused, and checks the cap. */
  private account(): void {
    const { outbox } = this;
    if (outbox === null) return;
    const delta = outbox.pending - outbox.accounted;
    outbox.accounted = outbox.pending;
    if (outbox.pending > this.runtime.limits.maxOutbox) this.kill({ kind: "slow", pending: outbox.pending });
    this.runtime.outboxBudget.change(delta);
  }

  private wakeWaiters(waiters: readonly ((below: boolean) => void)[]): void {
    const alive = this.state !== "closed";
    if (alive && this.pending >= this.runtime.limits.lowWater) return;
    this.waiters = null;
    for (const resolve of waiters) resolve(alive);
  }
}
