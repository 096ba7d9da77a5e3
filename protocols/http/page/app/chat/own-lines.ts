import type { RoomEvent, RoomState } from "./wire.ts";

const GUEST = /^guest\d+$/i;

/** Whether the server gave this name to somebody who chose none. */
export function isGuest(name: string): boolean {
  return GUEST.test(name);
}

/** Where rooms stood when this user came into them under a guest's name. */
export type GuestSince = Readonly<Record<string, number>>;

interface OwnMemory {
  guestSince: GuestSince;
}

/**
 * Tells which lines are this user's own: those under a name it has had. A guest's name is given again to another after a
 * while, so under one only what was said since counts.
 */
export class OwnLines {
  readonly #names = new Set<string>();

  /** @param memory outlives the page, so that it knows its lines after it was loaded anew */
  constructor(private readonly memory: OwnMemory) {}

  /** This user is called so from now on, in rooms that stand as these. */
  begin(name: string, rooms: readonly Pick<RoomState, "room" | "epoch" | "seq">[]): void {
    this.#names.add(name);
    if (!isGuest(name)) return;
    const since = rooms.map(({ room, epoch, seq }) => [keyOf(name, room, epoch), seq] as const);
    // What was known before is earlier.
    this.memory.guestSince = { ...Object.fromEntries(since), ...this.memory.guestSince };
  }

  has({ from, room, epoch, seq }: RoomEvent): boolean {
    if (!this.#names.has(from)) return false;
    return !isGuest(from) || seq > (this.memory.guestSince[keyOf(from, room, epoch)] ?? Number.POSITIVE_INFINITY);
  }
}

function keyOf(name: string, room: string, epoch: string): string {
  return `${epoch} ${room} ${name}`;
}
