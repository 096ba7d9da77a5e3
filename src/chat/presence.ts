import type { Clock } from "../clock.ts";
import type { Audience, Fanout } from "./fanout.ts";
import type { Follower } from "./member.ts";
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
  private readonly clock: Clock;
  private readonly fanout: Fanout;
  private readonly tallies = new Map<Room, Tally>();
  private cancel: (() => void) | null = null;

  constructor(clock: Clock, fanout: Fanout) {
    this.clock = clock;
    this.fanout = fanout;
  }

  /** `who` is about to be in the room. */
  joining(who: Occupant, room: Room): void {
    if (room.isCrowdWith(1)) this.tally(room).joined += 1;
    else this.fanout.tell({ event: "join", room: room.name, name: who.name, time: this.time() }, room, null);
  }

  /** `who` is no longer in the room. */
  parted(who: Occupant, room: Room): void {
    if (room.isCrowdWith(0)) this.tally(room).left += 1;
    else this.fanout.tell({ event: "part", room: room.name, name: who.name, time: this.time() }, room, null);
  }

  /** `who` is no longer in these rooms. */
  quit(who: Occupant, rooms: readonly Room[], reason: string): void {
    const near = this.summingUp(rooms, "left");
    if (near !== null) this.fanout.tell({ event: "quit", name: who.name, reason, time: this.time() }, near, null);
  }

  /** `who` has the new name already. */
  renamed(who: Occupant, from: string, rooms: readonly Room[]): void {
    const near = this.summingUp(rooms, "renamed");
    if (near !== null) this.fanout.tell({ event: "name", from, to: who.name, time: this.time() }, near, who);
  }

  /** Nobody is in the room any more. */
  forget(room: Room): void {
    this.tallies.delete(room);
    if (this.tallies.size > 0) return;
    this.cancel?.();
    this.cancel = null;
  }

  /** Counts it in the rooms that are crowds, and gives those who are told at once; null when there is nobody. */
  private summingUp(rooms: readonly Room[], what: keyof Tally): Audience | null {
    const small: Room[] = [];
    for (const room of rooms) {
      if (room.isCrowdWith(0)) this.tally(room)[what] += 1;
      else if (room.size > 0 || room.followers !== null) small.push(room);
    }
    const [only] = small;
    if (only === undefined) return null;
    return small.length === 1 ? only : new Neighbours(small);
  }

  private time(): string {
    return timestamp(this.clock);
  }

  private tally(room: Room): Tally {
    let tally = this.tallies.get(room);
    if (tally === undefined) {
      tally = { joined: 0, left: 0, renamed: 0 };
      this.tallies.set(room, tally);
    }
    this.cancel ??= this.clock.after(SUM_EVERY_MS, () => this.sumUp());
    return tally;
  }

  private sumUp(): void {
    this.cancel = null;
    const due = [...this.tallies];
    this.tallies.clear();
    const time = this.time();
    for (const [room, tally] of due) {
      this.fanout.tell({ event: "notice", room: room.name, text: told(tally), time }, room, null);
    }
  }
}

/** Who is in any of some rooms, each once. */
class Neighbours implements Audience {
  private readonly rooms: readonly Room[];

  constructor(rooms: readonly Room[]) {
    this.rooms = rooms;
  }

  get occupants(): ReadonlySet<Occupant> {
    return new Set(this.rooms.flatMap((room) => [...room.occupants]));
  }

  get followers(): ReadonlySet<Follower> {
    return new Set(this.rooms.flatMap((room) => [...(room.followers ?? [])]));
  }
}

/** `12 joined, 3 left` */
function told(tally: Tally): string {
  const parts = [];
  if (tally.joined > 0) parts.push(`${tally.joined} joined`);
  if (tally.left > 0) parts.push(`${tally.left} left`);
  if (tally.renamed > 0) parts.push(`${tally.renamed} changed names`);
  return parts.join(", ");
}
