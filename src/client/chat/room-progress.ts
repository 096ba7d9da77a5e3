import { type Fields, numberOf, type RoomEvent, textOf } from "../messages.ts";

/**
 * How far a room has been told. A server numbers a room's events 1, 2, 3 … within an epoch, so the highest number told is
 * all it takes to drop doubles and to ask for what was missed.
 */
export class RoomProgress {
  /** Up to here the numbers were given before this epoch began, or before this session heard of it. */
  before: number;

  constructor(
    readonly room: string,
    public epoch: string,
    public seq: number,
  ) {
    this.before = seq;
  }

  /** Where a room stands, as hello and join answer it. */
  static of(state: Fields): RoomProgress {
    return new RoomProgress(textOf(state, "room"), textOf(state, "epoch"), numberOf(state, "seq") ?? 0);
  }

  /** Whether an event is news; then it counts as told. A new epoch is news from its first event on. */
  accept(event: RoomEvent): boolean {
    if (event.epoch !== this.epoch) this.before = event.seq - 1;
    else if (event.seq <= this.seq) {
      this.before = Math.min(this.before, event.seq - 1);
      return false;
    }
    this.epoch = event.epoch;
    this.seq = event.seq;
    return true;
  }

  /** Nothing is missing up to where the room stands now; so in an epoch without events nothing is missed again. */
  catchUpWith({ epoch, seq }: RoomProgress): void {
    if (epoch === this.epoch) return;
    this.epoch = epoch;
    this.seq = seq;
    this.before = seq;
  }

  /**
   * Whether an event of the history was told, or was there before this session came. A server that was killed gives the
   * numbers that it has lost to other events, in an epoch of which nothing was told.
   */
  knows({ epoch, seq }: RoomEvent): boolean {
    return seq <= (epoch === this.epoch ? this.seq : this.before);
  }
}
