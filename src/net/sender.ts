import type { BunSocket } from "./bun-socket.ts";
import { FileSegment } from "./file-segment.ts";
import type { Flushable } from "./flusher.ts";
import type { Group } from "./group.ts";
import { Lifetime } from "./lifetime.ts";
import type { Outbox } from "./outbox.ts";
import type { CloseReason, FileSlice } from "./protocol.ts";
import type { Runtime } from "./runtime.ts";

/** Past this much queued in one turn the outbox does not wait for the turn's end. */
const FLUSH_AT = 256 * 1024;

/**
 * The sending half of a connection. What is sent in a turn leaves at its end in one write; what the socket refuses waits
 * for room, up to the cap, over which the peer is too slow and the connection dies.
 */
export abstract class Sender extends Lifetime implements Flushable {
  protected outbox: Outbox | null = null;
  /** The socket took less than it was offered, and has not said since that there is room. */
  protected blocked = false;
  /** When the socket last took something, while blocked. */
  protected blockedAt = 0;
  protected encrypted = false;
  private queued = false;
  private waiters: ((below: boolean) => void)[] | null = null;

  constructor(
    runtime: Runtime,
    protected readonly group: Group,
    protected socket: BunSocket,
  ) {
    super(runtime);
  }

  abstract kill(why: CloseReason, lastWords?: Uint8Array): void;
  /** The end of a turn in which the connection queued itself. */
  abstract endTurn(): void;

  get pending(): number {
    return this.outbox?.pending ?? 0;
  }

  send(bytes: Uint8Array): boolean {
    if (this.state !== "open") return false;
    if (bytes.length === 0) return true;
    let outbox = this.outbox;
    if (outbox === null) outbox = this.outbox = this.runtime.takeOutbox();
    outbox.push(bytes);
    if (this.blocked) this.account(outbox);
    else if (outbox.pending > FLUSH_AT) this.flush();
    else if (!this.queued) this.queue();
    return this.pending < this.runtime.limits.highWater;
  }

  sendFile(slice: FileSlice): Promise<number> {
    if (this.state !== "open") return Promise.resolve(0);
    return new Promise((settle) => {
      this.outbox ??= this.runtime.takeOutbox();
      this.outbox.pushFile(new FileSegment(slice, settle));
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

  /** Offers the socket what is queued. */
  protected flush(): void {
    const { outbox, runtime } = this;
    if (outbox === null || this.blocked || this.state === "closed") return;
    const { flusher } = runtime;
    const result = outbox.flush(this.socket, this.encrypted, flusher.joiner, flusher, this);
    if (outbox.taken > 0) {
      this.lastActive = flusher.turnTime();
      this.group.bytesOut += outbox.taken;
    }
    if (result === "empty") this.release(outbox);
    else if (result === "blocked") this.block(outbox);
    else if (result === "turn-over") this.queue();
    this.wakeWaiters();
  }

  /** The socket has room again. */
  protected unblock(): void {
    this.blocked = false;
    this.flush();
  }

  /** Drops all that is queued; whoever waits for room is told that there is none. */
  protected dropOutput(): void {
    if (this.outbox !== null) {
      this.outbox.clear();
      this.release(this.outbox);
    }
    this.wakeWaiters();
  }

  private block(outbox: Outbox): void {
    if (!this.blocked || outbox.taken > 0) this.blockedAt = this.lastActive;
    this.blocked = true;
    this.runtime.sweeper.expect(this.blockedDue());
    this.account(outbox);
  }

  protected override blockedDue(): number {
    return this.blocked ? this.blockedAt + this.runtime.limits.stallMs : Number.POSITIVE_INFINITY;
  }

  protected override unmoved(): void {
    this.kill(this.outbox?.atFile ? { kind: "stall" } : { kind: "slow", pending: this.pending });
  }

  private release(outbox: Outbox): void {
    this.outbox = null;
    if (outbox.accounted > 0) this.runtime.outboxBudget.change(-outbox.accounted);
    outbox.accounted = 0;
    this.runtime.giveOutbox(outbox);
  }

  /** Tells the budget what the socket has refused, and checks the cap. */
  private account(outbox: Outbox): void {
    const delta = outbox.pending - outbox.accounted;
    outbox.accounted = outbox.pending;
    if (outbox.pending > this.runtime.limits.maxOutbox) this.kill({ kind: "slow", pending: outbox.pending });
    this.runtime.outboxBudget.change(delta);
  }

  private wakeWaiters(): void {
    const { waiters } = this;
    if (waiters === null) return;
    const alive = this.state !== "closed";
    if (alive && this.pending >= this.runtime.limits.lowWater) return;
    this.waiters = null;
    for (const resolve of waiters) resolve(alive);
  }
}
