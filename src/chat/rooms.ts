import type { Refusal, RoomState } from "./command.ts";
import type { RoomLog } from "./history.ts";
import { chatLimits } from "./limits.ts";
import type { Follower } from "./member.ts";
import { roomKey, roomProblem } from "./names.ts";
import { refuse } from "./refusal.ts";
import { Room } from "./room.ts";
import type { HubSeat } from "./seat.ts";

/** Where everybody begins. It stays when it is empty; every other room vanishes and is forgotten. */
export const LOBBY = "#lobby";

/** All rooms, and who is in them. */
export class Rooms {
  readonly #log: RoomLog;
  readonly #rooms = new Map<string, Room>();
  /** By the key of the room: who follows one goes on to do so when it vanishes and is opened anew. */
  readonly #followers = new Map<string, Set<Follower>>();

  constructor(log: RoomLog) {
    this.#log = log;
    const lobby = new Room(LOBBY, roomKey(LOBBY), null);
    this.#rooms.set(lobby.key, lobby);
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** The room of this name, however its case is. */
  find(name: string): Room | undefined {
    return name.length > chatLimits.room ? undefined : this.#rooms.get(roomKey(name));
  }

  /** The room of this name, or a new one that counts once somebody joins it. */
  findOrMake(name: string): { readonly ok: true; readonly room: Room } | Refusal {
    const found = this.find(name);
    if (found !== undefined) return { ok: true, room: found };
    const normal = name.length > chatLimits.room ? name : name.normalize("NFC");
    const problem = roomProblem(normal);
    if (problem !== null) return refuse("bad-room", problem);
    if (this.#rooms.size >= chatLimits.rooms) {
      return refuse("too-many-rooms", `there are ${chatLimits.rooms} rooms already; join one of them`);
    }
    const key = roomKey(normal);
    return { ok: true, room: new Room(normal, key, this.#followers.get(key) ?? null) };
  }

  /** Lets somebody hear what is told in a room from now on; the function that is returned ends that. */
  follow(room: Room, follower: Follower): () => void {
    const { key } = room;
    const followers = this.#followers.get(key) ?? new Set();
    followers.add(follower);
    this.#followers.set(key, followers);
    room.followers = followers;
    return () => {
      followers.delete(follower);
      if (followers.size > 0 || this.#followers.get(key) !== followers) return;
      this.#followers.delete(key);
      const now = this.#rooms.get(key);
      if (now !== undefined) now.followers = null;
    };
  }

  join(seat: HubSeat, room: Room): void {
    this.#rooms.set(room.key, room);
    room.add(seat);
    seat.joined = seat.joined.length === 0 ? room.alone : seat.joined.concat(room);
  }

  /** Takes a member out of a room. */
  part(seat: HubSeat, room: Room): void {
    room.remove(seat);
    const others = seat.joined.filter((joined) => joined !== room);
    seat.joined = others.length === 1 && others[0] ? others[0].alone : others;
    if (room.size > 0 || room.name === LOBBY) return;
    this.#rooms.delete(room.key);
    this.#log.forget(room.name);
  }

  /** A room as those see it who come in. */
  state(room: Room): RoomState {
    return room.state(this.#log.state(room.name));
  }

  /** The names of all rooms in order. */
  names(): readonly string[] {
    return Array.from(this.#rooms.values(), (room) => room.name).sort();
  }
}
