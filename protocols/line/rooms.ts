import type { RoomState } from "../../src/chat/command.ts";
import { arrival } from "./arrival.ts";
import { listing } from "./render.ts";
import { roomOr } from "./talking.ts";
import type { Typist } from "./typist.ts";

/** More names than this nobody reads. */
const MOST_NAMES = 500;
const MOST_ROOMS = 100;

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

export async function rooms(typist: Typist): Promise<void> {
  const reply = await typist.seat.submit({ op: "rooms", limit: MOST_ROOMS });
  if (!reply.ok) return typist.tell(reply.error.message);
  for (const state of reply.rooms) typist.tell(roomLine(state));
  if (reply.next !== null) typist.tell(`these are the first ${reply.rooms.length}; there are more`);
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
