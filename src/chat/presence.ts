import type { Clock } from "../clock.ts";
import type { Fanout } from "./fanout.ts";
import type { Occupant, Room } from "./room.ts";
import { timestamp } from "./timestamp.ts";

const SUM_EVERY_MS = 1_000;

/** What happened in a crowd since it was last told. */
interface Tally {
  joined: number;
  left: number;
  renamed: number;
}

/**
 * Tells who comes, goes and takes another name, once to each member who shares a room. In rooms over 100 members it is
 * summed up once a second, or 10,000 who come would be told 50 million events.
 */
export class Presence {
  readonly #clock: Clock;
  readonly #fanout: Fanout;
  readonly #tallies = new Map<Room, Tally>();
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, fanout: Fanout) {
    this.#clock = clock;
    this.#fanout = fanout;
  }

  /** `who` is in the room already. */
  joined(who: Occupant, room: Room): void {
    const event = { event: "join", room: room.name, name: who.name, time: timestamp(this.#clock) } as const;
    if (room.isCrowd) this.#tally(room).joined += 1;
    else this.#fanout.tell(event, room.occupants, who);
  }

  /** `who` is no longer in the room. */
  parted(who: Occupant, room: Room): void {
    const event = { event: "part", room: room.name, name: who.name, time: timestamp(this.#clock) } as const;
    if (room.isCrowd) this.#tally(room).left += 1;
    else this.#fanout.tell(event, room.occupants, null);
  }

  /** `who` is no longer in these rooms. */
  quit(who: Occupant, rooms: readonly Room[], reason: string): void {
    for (const room of rooms) if (room.isCrowd) this.#tally(room).left += 1;
    const event = { event: "quit", name: who.name, reason, time: timestamp(this.#clock) } as const;
    this.#fanout.tell(event, neighbours(rooms), null);
  }

  /** `who` has the new name already. */
  renamed(who: Occupant, from: string, rooms: readonly Room[]): void {
    for (const room of rooms) if (room.isCrowd) this.#tally(room).renamed += 1;
    const event = { event: "name", from, to: who.name, time: timestamp(this.#clock) } as const;
    this.#fanout.tell(event, neighbours(rooms), who);
  }

  /** Nobody is in the room any more. */
  forget(room: Room): void {
    this.#tallies.delete(room);
    if (this.#tallies.size > 0) return;
    this.#cancel?.();
    this.#cancel = null;
  }

  #tally(room: Room): Tally {
    let tally = this.#tallies.get(room);
    if (tally === undefined) {
      tally = { joined: 0, left: 0, renamed: 0 };
      this.#tallies.set(room, tally);
    }
    this.#cancel ??= this.#clock.after(SUM_EVERY_MS, () => this.#sumUp());
    return tally;
  }

  #sumUp(): void {
    this.#cancel = null;
    const due = [...this.#tallies];
    this.#tallies.clear();
    const time = timestamp(this.#clock);
    for (const [room, tally] of due) {
      this.#fanout.tell({ event: "notice", room: room.name, text: told(tally), time }, room.occupants, null);
    }
  }
}

const nobody: ReadonlySet<Occupant> = new Set();

/** Who is in any of these rooms that is no crowd, each once. */
function neighbours(rooms: readonly Room[]): ReadonlySet<Occupant> {
  const small = rooms.filter((room) => !room.isCrowd);
  const [first] = small;
  if (first === undefined) return nobody;
  return small.length === 1 ? first.occupants : new Set(small.flatMap((room) => [...room.occupants]));
}

/** `12 joined, 3 left` */
function told(tally: Tally): string {
  const parts = [];
  if (tally.joined > 0) parts.push(`${tally.joined} joined`);
  if (tally.left > 0) parts.push(`${tally.left} left`);
  if (tally.renamed > 0) parts.push(`${tally.renamed} changed names`);
  return parts.join(", ");
}
