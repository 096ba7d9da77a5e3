import { type Fields, numberOf, type RoomEvent, textOf } from "../messages.ts";

/**
 * How far a room has been told. A server numbers a room's events 1, 2, 3 … within an epoch, so the highest number told is
 * all it takes to drop doubles and to ask for what was missed.
 */
export class RoomProgress {
  constructor(
    readonly room: string,
    public epoch: string,
    public seq: number,
  ) {}

  /** Where a room stands, as hello and join answer it. */
  static of(state: Fields): RoomProgress {
    return new RoomProgress(textOf(state, "room"), textOf(state, "epoch"), numberOf(state, "seq") ?? 0);
  }

  /** Whether an event is news; then it counts as told. A new epoch is news from its first event on. */
  accept(event: RoomEvent): boolean {
    if (event.epoch === this.epoch && event.seq <= this.seq) return false;
    this.epoch = event.epoch;
    this.seq = event.seq;
    return true;
  }
}
