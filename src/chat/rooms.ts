import type { Refusal, RoomState } from "./command.ts";
import type { RoomLog, RoomName } from "./history.ts";
import { chatLimits } from "./limits.ts";
import type { Follower } from "./member.ts";
import { roomKey, roomProblem } from "./names.ts";
import { firstBehind } from "./pages.ts";
import { refuse } from "./refusal.ts";
import { Room } from "./room.ts";
import type { HubSeat } from "./seat.ts";

/** Where everybody begins. It stays when it is empty; every other room vanishes, unless the log keeps it. */
export const LOBBY = "#lobby";

/** All rooms, and who is in them. */
export class Rooms {
  private readonly log: RoomLog;
  private readonly rooms = new Map<string, Room>();
  /** By the key of the room: who follows one goes on to do so when it vanishes and is opened anew. */
  private readonly followers = new Map<string, Set<Follower>>();
  /** All rooms in the order of their names, until one comes or goes. */
  private sorted: { readonly kept: readonly RoomName[]; readonly names: readonly RoomName[] } | null = null;

  constructor(log: RoomLog) {
    this.log = log;
    const lobby = new Room(LOBBY, roomKey(LOBBY), null);
    this.rooms.set(lobby.key, lobby);
  }

  get size(): number {
    return this.rooms.size;
  }

  /** The room of this name, however its case is; one that is only remembered is empty. */
  find(name: string): Room | undefined {
    if (name.length > chatLimits.room) return undefined;
    const key = roomKey(name);
    const room = this.rooms.get(key);
    if (room !== undefined) return room;
    const kept = this.log.keptAs(key);
    return kept === undefined ? undefined : this.make(kept, key);
  }

  /** The room of this name, or a new one that counts once somebody joins it. */
  findOrMake(name: string): { readonly ok: true; readonly room: Room } | Refusal {
    const found = this.find(name);
    if (found !== undefined && this.rooms.has(found.key)) return { ok: true, room: found };
    const normal = found?.name ?? (name.length > chatLimits.room ? name : name.normalize("NFC"));
    const problem = roomProblem(normal);
    if (problem !== null) return refuse("bad-room", problem);
    if (this.rooms.size >= chatLimits.rooms) {
      return refuse("too-many-rooms", `there are ${chatLimits.rooms} rooms already; join one of them`);
    }
    return { ok: true, room: found ?? this.make(normal, roomKey(normal)) };
  }

  /** Lets somebody hear what is told in a room from now on; the function that is returned ends that. */
  follow(room: Room, follower: Follower): () => void {
    const { key } = room;
    const followers = this.followers.get(key) ?? new Set();
    followers.add(follower);
    this.followers.set(key, followers);
    room.followers = followers;
    return () => {
      followers.delete(follower);
      if (followers.size > 0 || this.followers.get(key) !== followers) return;
      this.followers.delete(key);
      const now = this.rooms.get(key);
      if (now !== undefined) now.followers = null;
    };
  }

  join(seat: HubSeat, room: Room): void {
    if (!this.rooms.has(room.key)) this.sorted = null;
    this.rooms.set(room.key, room);
    room.add(seat);
    seat.joined = seat.joined.length === 0 ? room.alone : seat.joined.concat(room);
  }

  /** Takes a member out of a room. */
  part(seat: HubSeat, room: Room): void {
    room.remove(seat);
    const others = seat.joined.filter((joined) => joined !== room);
    seat.joined = others.length === 1 && others[0] ? others[0].alone : others;
    if (room.size > 0 || room.name === LOBBY) return;
    this.rooms.delete(room.key);
    this.sorted = null;
    this.log.forget(room.name);
  }

  /** A room as those see it who come in. */
  state(room: Room): RoomState {
    return room.state(this.log.state(room.name));
  }

  /** The rooms in the order of their names, those that are only remembered included; behind one that need not be there. */
  *following(after: string | undefined): Generator<Room> {
    const names = this.names();
    for (let at = firstBehind(names, after, ({ name }) => name); at < names.length; at++) {
      const { name, key } = names[at] as RoomName;
      yield this.rooms.get(key) ?? this.make(name, key);
    }
  }

  /** Sorted once until a room comes or goes: anybody may ask, and there may be thousands. */
  private names(): readonly RoomName[] {
    const { kept } = this.log;
    if (this.sorted?.kept === kept) return this.sorted.names;
    const byKey = new Map(kept.map((room) => [room.key, room]));
    for (const { name, key } of this.rooms.values()) byKey.set(key, { name, key });
    const names = [...byKey.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.sorted = { kept, names };
    return names;
  }

  private make(name: string, key: string): Room {
    return new Room(name, key, this.followers.get(key) ?? null);
  }
}
