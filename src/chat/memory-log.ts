import { newEpoch } from "./epoch.ts";
import type { Draft, RoomEvent } from "./event.ts";
import { pageOfEvents } from "./event-page.ts";
import type { Page, Range, RoomLog, RoomName, Standing } from "./history.ts";
import { chatLimits } from "./limits.ts";

class Shelf {
  seq: number;
  /** The lowest number that may be among the kept. */
  first: number;
  topic: string;
  /** The event with number `seq` is at `(seq - 1) % keep`: numbers have no gaps. */
  readonly kept: (RoomEvent | undefined)[] = [];

  constructor(
    readonly epoch: string,
    seq: number,
    topic: string,
  ) {
    this.seq = seq;
    this.first = seq + 1;
    this.topic = topic;
  }
}

/** Remembers the last events of each room (200) in memory, and no room that was forgotten. */
export class MemoryLog implements RoomLog {
  private readonly keep: number;
  private readonly shelves = new Map<string, Shelf>();
  readonly kept: readonly RoomName[] = [];

  constructor(keep: number = chatLimits.history) {
    this.keep = keep;
  }

  append(room: string, draft: Draft): RoomEvent {
    const shelf = this.shelf(room);
    const { event, from, text, time } = draft;
    const numbered: RoomEvent = { event, room, from, text, time, epoch: shelf.epoch, seq: shelf.seq + 1 };
    shelf.kept[shelf.seq % this.keep] = numbered;
    shelf.seq += 1;
    if (event === "topic") shelf.topic = text;
    return numbered;
  }

  state(room: string): Standing {
    const { epoch, seq, topic } = this.shelf(room);
    return { epoch, seq, topic };
  }

  read(room: string, range: Range): Page {
    return pageOfEvents(this.events(room, range), range, this.oldest(room));
  }

  get searchable(): boolean {
    return false;
  }

  search(): null {
    return null;
  }

  forget(room: string): void {
    this.shelves.delete(room);
  }

  keptAs(): undefined {
    return undefined;
  }

  /** Lets the counting of a room go on where it once stood, without the events. */
  restore(room: string, { epoch, seq, topic }: Standing): void {
    this.shelves.set(room, new Shelf(epoch, seq, topic));
  }

  /** The lowest number that is remembered, or the next one. */
  oldest(room: string): number {
    const shelf = this.shelf(room);
    return Math.max(shelf.first, shelf.seq - this.keep + 1);
  }

  /** The events of a range that are remembered, in its direction and without its limit. */
  *events(room: string, range: Range): Iterable<RoomEvent> {
    const shelf = this.shelf(room);
    const first = Math.max(this.oldest(room), Math.floor(range.after ?? 0) + 1);
    const last = Math.min(shelf.seq, Math.ceil(range.before ?? Number.POSITIVE_INFINITY) - 1);
    for (const seq of range.after === undefined ? downward(first, last) : upward(first, last)) {
      const event = shelf.kept[(seq - 1) % this.keep];
      if (event !== undefined) yield event;
    }
  }

  /** Forgets the events of a room below a number. */
  forgetBelow(room: string, seq: number): void {
    const shelf = this.shelf(room);
    for (let old = this.oldest(room); old < seq && old <= shelf.seq; old++) {
      shelf.kept[(old - 1) % this.keep] = undefined;
      shelf.first = old + 1;
    }
  }

  private shelf(room: string): Shelf {
    let shelf = this.shelves.get(room);
    if (shelf === undefined) {
      shelf = new Shelf(newEpoch(), 0, "");
      this.shelves.set(room, shelf);
    }
    return shelf;
  }
}

function* upward(first: number, last: number): Iterable<number> {
  for (let seq = first; seq <= last; seq++) yield seq;
}

function* downward(first: number, last: number): Iterable<number> {
  for (let seq = last; seq >= first; seq--) yield seq;
}
