import type { CommandOf, Reply } from "./command.ts";
import { chatLimits } from "./limits.ts";
import type { Parts } from "./parts.ts";
import { refuse } from "./refusal.ts";
import type { Room } from "./room.ts";
import type { HubSeat } from "./seat.ts";

/** Joins a room, which begins to exist with its first member. Joining twice changes nothing. */
export function join(parts: Parts, seat: HubSeat, command: CommandOf<"join">): Reply<"join"> {
  const already = seat.roomOf(command.room);
  if (already !== undefined) return { ok: true, ...parts.rooms.state(already) };
  const found = parts.rooms.findOrMake(command.room);
  if (!found.ok) return found;
  if (seat.joined.length >= chatLimits.roomsPerMember) {
    return refuse("too-many-rooms", `you are in ${chatLimits.roomsPerMember} rooms already; leave one of them`);
  }
  enterRoom(parts, seat, found.room);
  return { ok: true, ...parts.rooms.state(found.room) };
}

/**
 * Tells those who are in a room and puts a member into it: in this order, so that the member hears nothing, not even of
 * somebody who dies of being told, before it knows that it is in.
 */
export function enterRoom(parts: Parts, seat: HubSeat, room: Room): void {
  parts.presence.joining(seat, room);
  parts.rooms.join(seat, room);
}

export function part(parts: Parts, seat: HubSeat, _: CommandOf<"part">, room: Room): Reply<"part"> {
  leaveRoom(parts, seat, room);
  parts.presence.parted(seat, room);
  return { ok: true };
}

/** Takes a member out of a room without a word. */
export function leaveRoom(parts: Parts, seat: HubSeat, room: Room): void {
  parts.rooms.part(seat, room);
  if (room.size === 0) parts.presence.forget(room);
}

/** Takes another name. The one it has already changes nothing; another spelling of it does. */
export function rename(parts: Parts, seat: HubSeat, command: CommandOf<"name">): Reply<"name"> {
  const checked = parts.roster.check(command.name, seat);
  if (!checked.ok) return checked;
  const from = seat.name;
  const { name } = checked;
  if (name === from) return { ok: true, name };
  parts.roster.remove(from, seat);
  parts.roster.add(name, seat);
  seat.name = name;
  for (const room of seat.joined) room.renamed();
  parts.presence.renamed(seat, from, seat.joined);
  return { ok: true, name };
}
