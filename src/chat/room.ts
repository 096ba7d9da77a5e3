import type { RoomState } from "./command.ts";
import type { Standing } from "./history.ts";
import { chatLimits } from "./limits.ts";
import type { Follower, Member } from "./member.ts";

/** What a room knows of those who are in it. */
export interface Occupant {
  readonly name: string;
  readonly member: Member;
}

/** A room while somebody is in it. */
export class Room {
  /** As the first who came spelled it. */
  readonly name: string;
  readonly key: string;
  readonly #occupants = new Set<Occupant>();
  #names: readonly string[] | null = null;
  /** Those who hear what is told here without being in it; null: nobody does. */
  followers: ReadonlySet<Follower> | null;
  /** The list of rooms of all who are in this one only: one list for ten thousand of them. */
  readonly alone: readonly Room[] = [this];

  constructor(name: string, key: string, followers: ReadonlySet<Follower> | null) {
    this.name = name;
    this.key = key;
    this.followers = followers;
  }

  /** Those who are in it: a live view, in no order that means anything. */
  get occupants(): ReadonlySet<Occupant> {
    return this.#occupants;
  }

  get size(): number {
    return this.#occupants.size;
  }

  /** Whether they are so many, with `more` who are about to come, that comings and goings are summed up. */
  isCrowdWith(more: number): boolean {
    return this.#occupants.size + more > chatLimits.crowd;
  }

  /** Their names in order, for lists that come in pages; sorted once until somebody comes, goes or takes another name. */
  get names(): readonly string[] {
    this.#names ??= Array.from(this.#occupants, (occupant) => occupant.name).sort();
    return this.#names;
  }

  add(occupant: Occupant): void {
    this.#occupants.add(occupant);
    this.#names = null;
  }

  remove(occupant: Occupant): void {
    this.#occupants.delete(occupant);
    this.#names = null;
  }

  /** Lets somebody with the same name sit where another sat. */
  replace(old: Occupant, occupant: Occupant): void {
    this.#occupants.delete(old);
    this.#occupants.add(occupant);
  }

  /** Somebody in it has another name now. */
  renamed(): void {
    this.#names = null;
  }

  /** What somebody who comes in sees, given where the log says that it stands. */
  state({ epoch, seq, topic }: Standing): RoomState {
    const state = { room: this.name, epoch, seq, members: this.size };
    return topic === "" ? state : { ...state, topic };
  }
}
