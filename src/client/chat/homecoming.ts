import type { Credentials } from "../endpoint.ts";
import { type Fields, Refused } from "../messages.ts";
import type { Wire } from "../wire.ts";
import { type Judged, judge, missedIn } from "./catch-up.ts";
import type { Delivered } from "./delivered.ts";
import { type Entered, enterAgain } from "./entry.ts";
import { RoomProgress } from "./room-progress.ts";
import type { Speech } from "./speech.ts";

/** Where somebody was when the connection broke. */
export interface Whereabouts {
  readonly name: string;
  readonly session: string;
  readonly rooms: ReadonlyMap<string, RoomProgress>;
  readonly login: Credentials | null;
}

/** What was missed, as far as the server knows. */
export interface Absence {
  /** Messages of others, all of which are shown. */
  readonly messages: number;
  /** Events that the server does not keep any more. */
  readonly forgotten: number;
  /** Events that were told before and that the server has lost. */
  readonly lost: number;
  /** Rooms that count anew, so that nobody knows what was said in them before: the server restarted, or all had left. */
  readonly anew: readonly string[];
}

/** What there is to show and to settle after a reconnect. */
export interface Homecoming {
  readonly entered: Entered;
  readonly absence: Absence;
  readonly events: readonly Delivered[];
  /** Where the rooms stood before their history was asked for. */
  readonly stood: readonly RoomProgress[];
  readonly verdicts: readonly Judged[];
  readonly notices: readonly string[];
  /** Rooms that do not let one in any more. */
  readonly closed: ReadonlyMap<string, Refused>;
}

/** Goes back under the old name into the old rooms and asks what was missed. Changes nothing on this side. */
export async function comeHome(wire: Wire, before: Whereabouts, speech: Speech): Promise<Homecoming> {
  const { name, session, rooms, login } = before;
  const [room] = rooms.keys();
  const entered = await enterAgain(wire, { name, session, ...(room !== undefined && { room }), ...login });
  const events: Delivered[] = [];
  const verdicts: Judged[] = [];
  const stood: RoomProgress[] = [];
  const closed = new Map<string, Refused>();
  const anew: string[] = [];
  let [forgotten, lost] = [0, 0];
  const notices = entered.name === name ? [] : [`you are called ${entered.name} now`];
  for (const told of rooms.values()) {
    const now = await stateOf(wire, entered, told.room);
    if (now instanceof Refused) {
      closed.set(told.room, now);
      continue;
    }
    const missed = await missedIn(wire, told, now);
    const judged = judge(speech.sentIn(told.room), missed);
    events.push(...missed.events.map((event) => ({ event, own: judged.own.has(event), body: null })));
    verdicts.push(judged);
    stood.push(now);
    if (missed.anew) anew.push(told.room);
    forgotten += missed.forgotten;
    lost += missed.lost;
  }
  for (const { room } of entered.rooms) if (!rooms.has(room)) await wire.ask("part", { room } satisfies Fields);
  const messages = events.filter(({ event, own }) => !own && event.event !== "topic").length;
  return { entered, absence: { messages, forgotten, lost, anew }, events, stood, verdicts, notices, closed };
}

/** A session that was taken back may still be in its rooms; else one joins. */
async function stateOf(wire: Wire, entered: Entered, room: string): Promise<RoomProgress | Refused> {
  const still = entered.rooms.find((progress) => progress.room === room);
  if (still) return still;
  try {
    return RoomProgress.of(await wire.ask("join", { room }));
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}
