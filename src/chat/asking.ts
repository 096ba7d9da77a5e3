import type { CommandOf, Reply, RoomState } from "./command.ts";
import { cutPage, jsonBound } from "./pages.ts";
import type { Parts } from "./parts.ts";
import { refuse } from "./refusal.ts";
import type { Room } from "./room.ts";
import type { HubSeat } from "./seat.ts";

/** Bytes of a room's JSON beside its name and topic. */
const FRAME_OF_ROOM = 120;

/** Who is in a room, by name. */
export function who(_: Parts, __: HubSeat, command: CommandOf<"who">, room: Room): Reply<"who"> {
  const { items, more } = cutPage(following(room.names, command.after), command.limit, jsonBound);
  return { ok: true, members: items, next: more ? (items.at(-1) ?? null) : null };
}

/** All rooms, by name. */
export function rooms(parts: Parts, _: HubSeat | null, command: CommandOf<"rooms">): Reply<"rooms"> {
  const names = following(parts.rooms.names(), command.after);
  const states = names.flatMap((name) => {
    const room = parts.rooms.find(name);
    return room === undefined ? [] : [parts.rooms.state(room)];
  });
  const { items, more } = cutPage(states, command.limit, sizeOf);
  return { ok: true, rooms: items, next: more ? (items.at(-1)?.room ?? null) : null };
}

/** What was said in a room, for those who are in it. */
export function history(
  parts: Parts,
  _: HubSeat | null,
  command: CommandOf<"history">,
  room: Room,
): Reply<"history"> | Promise<Reply<"history">> {
  const page = parts.log.read(room.name, command);
  return page instanceof Promise ? page.then((late) => ({ ok: true, ...late })) : { ok: true, ...page };
}

/** What was said in a room with certain words in it, for those who are in it. */
export function search(
  parts: Parts,
  _: HubSeat | null,
  command: CommandOf<"search">,
  room: Room,
): Reply<"search"> | Promise<Reply<"search">> {
  const found = parts.log.search(room.name, command);
  if (found !== null) return found.then((page) => ({ ok: true, ...page }));
  return refuse(
    "no-history",
    "nothing is kept here that could be searched; the server must be started with --history 7d",
  );
}

export function ping(): Reply<"ping"> {
  return { ok: true };
}

/** The part of a sorted list behind an item, which need not be in it any more. */
function following(sorted: readonly string[], after: string | undefined): readonly string[] {
  if (after === undefined) return sorted;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") <= after) low = middle + 1;
    else high = middle;
  }
  return sorted.slice(low);
}

function sizeOf(state: RoomState): number {
  return FRAME_OF_ROOM + jsonBound(state.room) + jsonBound(state.topic ?? "");
}
