import { quote } from "../../src/bytes/text.ts";
import type { RoomState } from "../../src/chat/command.ts";
import { arrival } from "./arrival.ts";
import { listing } from "./render.ts";
import { roomOr } from "./talking.ts";
import type { Typist } from "./typist.ts";

/** More names than this nobody reads. */
const MOST_NAMES = 500;
const MOST_ROOMS = 100;
/** Rooms that are counted beyond those shown; of more it is only told that there are. */
const MOST_COUNTED = 1_000;

export async function join(typist: Typist, name: string): Promise<void> {
  const room = roomOr(typist, name);
  if (room === null) return;
  const reply = await typist.seat.submit({ op: "join", room });
  if (!reply.ok) return typist.tell(reply.error.message);
  typist.room = reply.room;
  typist.tell(`you talk in ${reply.room} now`);
  typist.show(await arrival(typist, reply));
}

export async function leave(typist: Typist, name: string): Promise<void> {
  const room = roomOr(typist, name);
  if (room === null) return;
  const { seat } = typist;
  const reply = await seat.submit({ op: "part", room });
  if (!reply.ok) return typist.tell(reply.error.message);
  const left = seat.rooms;
  if (typist.room === null || !left.includes(typist.room)) typist.room = left.at(-1) ?? null;
  const where = typist.room === null ? "you are in no room; /join one to talk" : `you talk in ${typist.room} now`;
  typist.tell(`you left ${room}; ${where}`);
}

/** Lists a page of the rooms, from 1 on, and how many follow. */
export async function rooms(typist: Typist, args: string): Promise<void> {
  if (!/^(?:[1-9]\d{0,3})?$/.test(args)) return typist.tell(`${quote(args)} is no page; try /rooms 2`);
  const page = args === "" ? 1 : Number(args);
  const before = (page - 1) * MOST_ROOMS;
  const shown: RoomState[] = [];
  let count = 0;
  let next: string | null | undefined;
  while (next !== null && count < before + MOST_COUNTED) {
    const reply = await typist.seat.submit({ op: "rooms", ...(next !== undefined && { after: next }) });
    if (!reply.ok) return typist.tell(reply.error.message);
    const begin = Math.max(0, before - count);
    shown.push(...reply.rooms.slice(begin, begin + MOST_ROOMS - shown.length));
    count += reply.rooms.length;
    next = reply.next;
  }
  if (shown.length === 0) return typist.tell(`there is no page ${page}; the last is ${Math.ceil(count / MOST_ROOMS)}`);
  for (const state of shown) typist.tell(roomLine(state));
  const hidden = count - before - shown.length;
  if (hidden > 0) typist.tell(`and ${next === null ? "" : "more than "}${hidden} more: /rooms ${page + 1}`);
}

function roomLine({ room, members, topic }: RoomState): string {
  const people = members === 1 ? "1 person" : `${members} people`;
  return `${room}: ${people}${topic === undefined ? "" : `; ${topic}`}`;
}

export async function who(typist: Typist, name: string): Promise<void> {
  const room = roomOr(typist, name);
  if (room === null) return;
  const reply = await typist.seat.submit({ op: "who", room, limit: MOST_NAMES });
  if (!reply.ok) return typist.tell(reply.error.message);
  typist.show(listing(`in ${room}:`, reply.members));
  if (reply.next !== null) typist.tell(`these are the first ${reply.members.length}; there are more`);
}

/** Shows the topic, sets it, or with `-` clears it. */
export async function topic(typist: Typist, text: string): Promise<void> {
  const room = roomOr(typist, "");
  if (room === null) return;
  const change = text === "" ? {} : { topic: text === "-" ? "" : text };
  const reply = await typist.seat.submit({ op: "topic", room, ...change });
  if (!reply.ok) return typist.tell(reply.error.message);
  typist.tell(reply.topic === "" ? `${room} has no topic` : `the topic of ${room}: ${reply.topic}`);
}
