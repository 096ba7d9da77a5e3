import type { RoomState } from "../../../src/chat/command.ts";
import type { RoomEvent } from "../../../src/chat/event.ts";
import type { Page } from "../../../src/chat/history.ts";
import { chatLimits } from "../../../src/chat/limits.ts";
import type { Position } from "./event-text.ts";

type Standing = Pick<RoomState, "epoch" | "seq">;

/** What a page of history has for somebody. */
export interface Piece {
  readonly told: readonly RoomEvent[];
  /** Numbers before these that nobody remembers. */
  readonly gap: { readonly from: number; readonly to: number } | null;
  /** There is no more; from here on it is told what comes. */
  readonly whole: boolean;
}

/**
 * What somebody has missed of a room since the position that it gives.
 *
 * A room whose epoch is another one now may count anew (nothing was kept), or may go on behind what was kept when the
 * server was killed. So history is read from before the place where the room could stand, and what has the epoch and a
 * number that are known is left out.
 */
export class Backlog {
  /** What stands behind this number is missing. */
  seq: number;
  private epoch: string;
  /** The last that was told of an epoch that is not the room's any more. */
  private known: Position | null;

  constructor(from: Position | null, { epoch, seq }: Standing) {
    this.epoch = epoch;
    this.known = from === null || from.epoch === "" || from.epoch === epoch ? null : from;
    const start = this.known === null ? seq : Math.max(0, seq - chatLimits.history);
    this.seq = Math.min(from?.seq ?? seq, start);
  }

  /** Where to go on from, should the connection be lost now. */
  get position(): Position {
    return this.known ?? { epoch: this.epoch, seq: this.seq };
  }

  /** Takes a page of what stands behind {@link Backlog.seq}, given where the room stands now. */
  take({ events, next, oldest }: Page, now: Standing): Piece {
    if (now.epoch !== this.epoch) return this.beginAnew(now.epoch);
    const gap = oldest > this.seq + 1 ? { from: this.seq + 1, to: oldest - 1 } : null;
    this.seq = events.at(-1)?.seq ?? Math.max(this.seq, oldest - 1);
    const whole = next === null && (events.length === 0 || now.seq <= this.seq);
    // What stands before something known is known too, whatever epochs it is of.
    const told = events.slice(events.findLastIndex((event) => this.isKnown(event)) + 1);
    return { told, gap, whole };
  }

  /** The room has vanished and was opened anew while history was read. */
  private beginAnew(epoch: string): Piece {
    this.epoch = epoch;
    this.known = null;
    this.seq = 0;
    return { told: [], gap: null, whole: false };
  }

  private isKnown({ epoch, seq }: RoomEvent): boolean {
    return this.known !== null && epoch === this.known.epoch && seq <= this.known.seq;
  }
}
