import type { CommandOf, Reply, RoomState } from "./command.ts";
import { cutPage, firstBehind, jsonBound } from "./pages.ts";
import type { Parts } from "./parts.ts";
import { refuse } from "./refusal.ts";
import type { Room } from "./room.ts";
import type { HubSeat } from "./seat.ts";

/** Bytes of a room's JSON beside its name and topic. */
const FRAME_OF_ROOM = 120;

/** Who is in a room, by name. */
export function who(_parts: Parts, _seat: HubSeat, command: CommandOf<"who">, room: Room): Reply<"who"> {
  const names = room.names.slice(firstBehind(room.names, command.after, String));
  const { items, more } = cutPage(names, command.limit, jsonBound);
  return { ok: true, members: items, next: more ? (items.at(-1) ?? null) : null };
}

/** All rooms, by name. */
export function rooms(parts: Parts, _seat: HubSeat | null, command: CommandOf<"rooms">): Reply<"rooms"> {
  const states = parts.rooms.following(command.after).map((room) => parts.rooms.state(room));
  const { items, more } = cutPage(states, command.limit, sizeOf);
  return { ok: true, rooms: items, next: more ? (items.at(-1)?.room ?? null) : null };
}

/** What was said in a room, for those who are in it. */
export function history(
  parts: Parts,
  _seat: HubSeat | null,
  command: CommandOf<"history">,
  room: Room,
): Reply<"history"> | Promise<Reply<"history">> {
  const page = parts.log.read(room.name, command);
  return page instanceof Promise ? page.then((late) => ({ ok: true, ...late })) : { ok: true, ...page };
}

/** What was said in a room with certain words in it, for those who are in it. */
export function search(
  parts: Parts,
  _seat: HubSeat | null,
  command: CommandOf<"search">,
  room: Room,
): Reply<"search"> | Promise<Reply<"search">> {
  const found = parts.log.search(room.name, command);
  if (found !== null) return found.then((page) => ({ ok: true, ...page }));
  return refuse(
    "no-history",
    "nothing is kept here that could be searched: the server was started without --history, or could not open its history",
  );
}

export function ping(): Reply<"ping"> {
  return { ok: true };
}

function sizeOf(state: RoomState): number {
  return FRAME_OF_ROOM + jsonBound(state.room) + jsonBound(state.topic ?? "");
}
