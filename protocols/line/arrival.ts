import { escapeText } from "../../src/bytes/text.ts";
import type { RoomState } from "../../src/chat/command.ts";
import { eventLines, listing } from "./render.ts";
import type { Typist } from "./typist.ts";

/** Messages of the past that somebody who comes in sees. */
const LAST_MESSAGES = 10;
/** Names that somebody who comes in is told. In a larger room it is only how many, because names fill the screen. */
const MOST_NAMES = 30;

/** What somebody sees who comes into a room: who is there, the topic, the last messages. */
export function arrival(typist: Typist, state: RoomState): string | Promise<string> {
  const topic = state.topic === undefined ? "" : `-- topic: ${escapeText(state.topic)}\r\n`;
  const { members, seq } = state;
  // Ten thousand who come at once shall not leave twenty thousand promises behind.
  if (members > MOST_NAMES && seq === 0) return `${crowd(members)}${topic}`;
  return withNames(typist, state, topic);
}

async function withNames(typist: Typist, state: RoomState, topic: string): Promise<string> {
  return (await present(typist, state)) + topic + (await past(typist, state));
}

async function present({ seat }: Typist, { room, members }: RoomState): Promise<string> {
  if (members <= 1) return "-- nobody else is here yet\r\n";
  if (members > MOST_NAMES) return crowd(members);
  const reply = await seat.submit({ op: "who", room });
  if (!reply.ok) return "";
  const others = reply.members.filter((name) => name !== seat.name);
  return listing("here:", others);
}

function crowd(members: number): string {
  return `-- ${members - 1} others are here; /who lists them\r\n`;
}

async function past({ seat, ignored }: Typist, { room, seq, epoch }: RoomState): Promise<string> {
  if (seq === 0) return "";
  const reply = await seat.submit({ op: "history", room, limit: LAST_MESSAGES });
  if (!reply.ok) return "";
  // What came after the arrival was delivered as it came.
  const events = reply.events.filter((event) => event.epoch === epoch && event.seq <= seq && !ignored?.hides(event));
  const [first] = events;
  if (first === undefined) return "";
  const since = `${first.time.slice(0, 10)} ${first.time.slice(11, 16)} UTC`;
  const what =
    events.length === 1 ? `the last message, of ${since}:` : `the last ${events.length} messages, since ${since}:`;
  return `-- ${what}\r\n${events.map((event) => eventLines(event)).join("")}`;
}
