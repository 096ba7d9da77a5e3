import { history, ping, rooms, search, who } from "./asking.ts";
import type { Command, CommandOf, Refusal, Reply } from "./command.ts";
import { join, part, rename } from "./moving.ts";
import type { Parts } from "./parts.ts";
import { noSuchRoom } from "./refusal.ts";
import type { Room } from "./room.ts";
import type { HubSeat } from "./seat.ts";
import { refuseOutside, speak, tell, topic } from "./speaking.ts";
import { messageText, refuseText, searchText, topicText } from "./text.ts";

type Op = Command["op"];
type Answer<O extends Op> = Reply<O> | Promise<Reply<O>>;
type About = { readonly room: string };
type RoomHandler<C extends About, A> = (parts: Parts, seat: HubSeat, command: C, room: Room) => A;

/** A command as data. */
interface Row<O extends Op> {
  /** What it takes of the flood limit; what only reads takes nothing. */
  cost(command: CommandOf<O>): 0 | 1;
  /** Why its texts are refused, if they are. */
  check?(command: CommandOf<O>): Refusal | null;
  run(parts: Parts, seat: HubSeat, command: CommandOf<O>): Answer<O>;
}

const free = () => 0 as const;
const paid = () => 1 as const;
const isMessage = (command: { readonly text: string }) => refuseText(command.text, messageText);

/** For commands about a room that only those in it may give. */
function inside<C extends About, A>(run: RoomHandler<C, A>): (parts: Parts, seat: HubSeat, command: C) => A | Refusal {
  return (parts, seat, command) => {
    const room = seat.roomOf(command.room);
    return room === undefined ? refuseOutside(command.room) : run(parts, seat, command, room);
  };
}

/** For commands about a room that anybody may give. */
function anywhere<C extends About, A>(
  run: RoomHandler<C, A>,
): (parts: Parts, seat: HubSeat, command: C) => A | Refusal {
  return (parts, seat, command) => {
    const room = parts.rooms.find(command.room);
    if (room !== undefined) return run(parts, seat, command, room);
    return noSuchRoom(command.room);
  };
}

const table: { readonly [O in Op]: Row<O> } = {
  say: { cost: paid, check: isMessage, run: inside(speak("message")) },
  act: { cost: paid, check: isMessage, run: inside(speak("action")) },
  tell: { cost: paid, check: isMessage, run: tell },
  join: { cost: paid, run: join },
  part: { cost: free, run: inside(part) },
  name: { cost: paid, run: rename },
  topic: {
    cost: ({ topic }) => (topic === undefined ? 0 : 1),
    // An empty topic clears it, so it is no blank text.
    check: ({ topic }) => (topic === undefined || topic === "" ? null : refuseText(topic, topicText)),
    run: anywhere(topic),
  },
  who: { cost: free, run: anywhere(who) },
  rooms: { cost: free, run: rooms },
  history: { cost: free, run: inside(history) },
  search: { cost: paid, check: ({ text }) => refuseText(text, searchText), run: inside(search) },
  ping: { cost: free, run: ping },
};

/** What a command takes of the flood limit. */
export function costOf<O extends Op>(op: O, command: CommandOf<O>): 0 | 1 {
  const row: Row<O> = table[op];
  return row.cost(command);
}

/** Carries out a command of a seat that is present. */
export function carryOut<O extends Op>(parts: Parts, seat: HubSeat, op: O, command: CommandOf<O>): Answer<O> {
  const row: Row<O> = table[op];
  return row.check?.(command) ?? row.run(parts, seat, command);
}
