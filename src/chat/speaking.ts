import { quote } from "../bytes/text.ts";
import type { CommandOf, Refusal, Reply } from "./command.ts";
import type { RoomEvent } from "./event.ts";
import type { Parts } from "./parts.ts";
import { refuse } from "./refusal.ts";
import type { Occupant, Room } from "./room.ts";
import type { HubSeat } from "./seat.ts";
import { timestamp } from "./timestamp.ts";

/** Who says something: to whom it is not told again. */
export interface Speaker {
  readonly name: string;
  /** Null: it is told to all, because whoever says it is not in the room. */
  readonly except: Occupant | null;
}

/** Numbers an event and tells it to the room. */
export function publish(
  { log, clock, fanout }: Parts,
  { name, except }: Speaker,
  room: Room,
  event: RoomEvent["event"],
  text: string,
): RoomEvent {
  const numbered = log.append(room.name, { event, from: name, text, time: timestamp(clock) });
  fanout.tell(numbered, room, except);
  return numbered;
}

/** A member hears its own words only if its seat wants its echo. */
function speakerOf(seat: HubSeat): Speaker {
  return { name: seat.name, except: seat.echo ? null : seat };
}

type Speech = (parts: Parts, seat: HubSeat, command: CommandOf<"say" | "act">, room: Room) => Reply<"say">;

/** The handler that says something to a room, as one kind of event or the other. */
export function speak(kind: "message" | "action"): Speech {
  return (parts, seat, { text }, room) => {
    const { epoch, seq, time } = publish(parts, speakerOf(seat), room, kind, text);
    return { ok: true, epoch, seq, time };
  };
}

/** A private message. One may talk to oneself. */
export function tell(parts: Parts, seat: HubSeat, { to, text }: CommandOf<"tell">): Reply<"tell"> {
  const receiver = parts.roster.find(to);
  if (receiver === undefined)
    return refuse("no-such-member", `nobody here is called ${quote(to)}; ask who is in the room`);
  const time = timestamp(parts.clock);
  const occupants = new Set<Occupant>(seat.echo ? [receiver, seat] : [receiver]);
  parts.fanout.tell({ event: "private", from: seat.name, to: receiver.name, text, time }, { occupants }, null);
  return { ok: true, time };
}

/** Reads a room's topic, or sets it, which only those can who are in the room. `""` clears it. */
export function topic(parts: Parts, seat: HubSeat, command: CommandOf<"topic">, room: Room): Reply<"topic"> {
  if (command.topic === undefined) return { ok: true, topic: parts.log.state(room.name).topic };
  if (seat.roomOf(room.name) === undefined) return refuseOutside(room.name);
  const { epoch, seq, time, text } = publish(parts, speakerOf(seat), room, "topic", command.topic);
  return { ok: true, topic: text, epoch, seq, time };
}

export function refuseOutside(room: string): Refusal {
  return refuse("not-in-room", `you are not in ${quote(room)}; join it first`);
}
