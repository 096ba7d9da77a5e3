import { isRoomEvent, listOf, numberOf, type RoomEvent } from "../messages.ts";
import type { Wire } from "../wire.ts";
import type { RoomProgress } from "./room-progress.ts";
import type { Utterance } from "./utterance.ts";

/** What happened in a room while nobody listened. */
export interface Missed {
  /** Oldest first. */
  readonly events: readonly RoomEvent[];
  /** Events that the server does not remember any more. */
  readonly forgotten: number;
  /** The room counts anew, so that what came between is unknown. */
  readonly anew: boolean;
}

/**
 * Asks for everything after what was told of a room, page by page.
 * @param now where the room stands, as the join after the reconnect answered
 */
export async function missedIn(wire: Wire, told: RoomProgress, now: RoomProgress): Promise<Missed> {
  const anew = told.epoch !== now.epoch;
  const after = anew ? 0 : told.seq;
  const events: RoomEvent[] = [];
  let oldest = 1;
  for (let from: number | null = after; from !== null; ) {
    const page = await wire.ask("history", { room: now.room, after: from });
    events.push(...listOf(page, "events").filter(isRoomEvent));
    if (from === after) oldest = numberOf(page, "oldest") ?? 1;
    const next = numberOf(page, "next");
    from = next !== null && next > from ? next : null;
  }
  return { events, forgotten: Math.max(0, oldest - after - 1), anew };
}

/** The verdict on messages whose answers were lost with the connection. */
export interface Judged {
  /** Those events that are one's own messages. */
  readonly own: ReadonlySet<RoomEvent>;
  readonly arrived: readonly Utterance[];
  /** Provably never reached the room: may be sent again. */
  readonly absent: readonly Utterance[];
  /** The history has a hole where they could be. */
  readonly unknown: readonly Utterance[];
}

/** Looks for sent messages, in the order in which they were sent, among what was missed in their room. */
export function judge(sent: readonly Utterance[], missed: Missed): Judged {
  const own = new Set<RoomEvent>();
  const arrived: Utterance[] = [];
  const lost: Utterance[] = [];
  for (const utterance of sent) {
    const found = missed.events.find((event) => !own.has(event) && utterance.is(event));
    if (found) own.add(found);
    (found ? arrived : lost).push(utterance);
  }
  const certain = !missed.anew && missed.forgotten === 0;
  return { own, arrived, absent: certain ? lost : [], unknown: certain ? [] : lost };
}
