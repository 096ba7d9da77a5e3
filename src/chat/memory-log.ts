import type { Draft, RoomEvent } from "./event.ts";
import type { Page, Range, RoomLog } from "./history.ts";
import { chatLimits } from "./limits.ts";
import { cutPage, jsonBound } from "./pages.ts";

/** Bytes of a room event's JSON beside its texts. */
const FRAME_OF_EVENT = 160;

class Shelf {
  readonly epoch = newEpoch();
  seq = 0;
  /** The event with number `seq` is at `(seq - 1) % keep`: numbers have no gaps. */
  readonly kept: RoomEvent[] = [];
}

/** Remembers the last events of each room (200) in memory, and no room that was forgotten. */
export class MemoryLog implements RoomLog {
  readonly #keep: number;
  readonly #shelves = new Map<string, Shelf>();

  constructor(keep: number = chatLimits.history) {
    this.#keep = keep;
  }

  append(room: string, draft: Draft): RoomEvent {
    const shelf = this.#shelf(room);
    const { event, from, text, time } = draft;
    const numbered: RoomEvent = { event, room, from, text, time, epoch: shelf.epoch, seq: shelf.seq + 1 };
    shelf.kept[shelf.seq % this.#keep] = numbered;
    shelf.seq += 1;
    return numbered;
  }

  state(room: string): { readonly epoch: string; readonly seq: number } {
    const { epoch, seq } = this.#shelf(room);
    return { epoch, seq };
  }

  read(room: string, range: Range): Page {
    const shelf = this.#shelf(room);
    const oldest = Math.max(1, shelf.seq - this.#keep + 1);
    const first = Math.max(oldest, Math.floor(range.after ?? 0) + 1);
    const last = Math.min(shelf.seq, Math.ceil(range.before ?? Number.POSITIVE_INFINITY) - 1);
    const forward = range.after !== undefined;
    const numbers = forward ? upward(first, last) : downward(first, last);
    const { items, more } = cutPage(this.#events(shelf, numbers), range.limit, sizeOf);
    const next = more ? (items.at(-1)?.seq ?? null) : null;
    return { events: forward ? items : items.reverse(), next, oldest };
  }

  forget(room: string): void {
    this.#shelves.delete(room);
  }

  #shelf(room: string): Shelf {
    let shelf = this.#shelves.get(room);
    if (shelf === undefined) {
      shelf = new Shelf();
      this.#shelves.set(room, shelf);
    }
    return shelf;
  }

  *#events(shelf: Shelf, numbers: Iterable<number>): Iterable<RoomEvent> {
    for (const seq of numbers) {
      const event = shelf.kept[(seq - 1) % this.#keep];
      if (event !== undefined) yield event;
    }
  }
}

function* upward(first: number, last: number): Iterable<number> {
  for (let seq = first; seq <= last; seq++) yield seq;
}

function* downward(first: number, last: number): Iterable<number> {
  for (let seq = last; seq >= first; seq--) yield seq;
}

function sizeOf(event: RoomEvent): number {
  return FRAME_OF_EVENT + jsonBound(event.room) + jsonBound(event.from) + jsonBound(event.text);
}

/** Six characters: two countings of a room are the same one by chance once in 2,000 million. */
function newEpoch(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return random.toString(36).padStart(6, "0").slice(-6);
}
