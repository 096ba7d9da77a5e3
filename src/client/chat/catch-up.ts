import { type Fields, isRoomEvent, listOf, numberOf, type RoomEvent } from "../messages.ts";
import type { Wire } from "../wire.ts";
import type { RoomProgress } from "./room-progress.ts";
import type { Utterance } from "./utterance.ts";

/** What happened in a room while nobody listened. */
export interface Missed {
  /** Oldest first. */
  readonly events: readonly RoomEvent[];
  /** Events that the server does not remember any more. */
  readonly forgotten: number;
  /** Events that were told before the connection broke, and that the server has lost since: it was killed. */
  readonly lost: number;
  /** The room counts anew, and nothing of what was told of it is there any more. */
  readonly anew: boolean;
  /** Something may have been said that is not among the events, whatever their numbers say. */
  readonly unsure: boolean;
}

/** Of a room that counts anew no more is asked for: 2.5 MB. */
const MOST_PAGES = 10;

/**
 * Asks for everything after what was told of a room, page by page.
 * @param now where the room stands, as the join after the reconnect answered
 */
export function missedIn(wire: Wire, told: RoomProgress, now: RoomProgress): Promise<Missed> {
  return told.epoch === now.epoch ? missedSince(wire, told) : missedAnew(wire, told, now);
}

async function missedSince(wire: Wire, { room, seq }: RoomProgress): Promise<Missed> {
  const events: RoomEvent[] = [];
  let oldest = 1;
  for (let from: number | null = seq; from !== null; ) {
    const page = await wire.ask("history", { room, after: from });
    events.push(...listOf(page, "events").filter(isRoomEvent));
    if (from === seq) oldest = numberOf(page, "oldest") ?? 1;
    const next = numberOf(page, "next");
    from = next !== null && next > from ? next : null;
  }
  return { events, forgotten: Math.max(0, oldest - seq - 1), lost: 0, anew: false, unsure: false };
}

/**
 * Another epoch, and the numbers that were told may be given to other events. A server that keeps what was said goes on
 * counting behind what it has, and what it has keeps its epochs: so this goes back until it meets an event of before, past
 * what was said between one sudden end and the next. A server that keeps nothing has events of its one new epoch alone.
 */
async function missedAnew(wire: Wire, told: RoomProgress, now: RoomProgress): Promise<Missed> {
  const isOld = (event: RoomEvent) => event.epoch !== now.epoch && told.knows(event);
  const events: RoomEvent[] = [];
  let before: number | null = null;
  let old: RoomEvent | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page: Fields = await wire.ask("history", { room: now.room, ...(before !== null && { before }) });
    const all = listOf(page, "events").filter(isRoomEvent);
    const known = all.findLastIndex(isOld);
    events.unshift(...all.slice(known + 1));
    const next = numberOf(page, "next");
    old = all[known];
    if (old !== undefined || next === null || (before !== null && next >= before)) break;
    before = next;
  }
  const lost = old === undefined ? 0 : told.seq - old.seq;
  return { events, forgotten: 0, lost, anew: old === undefined, unsure: true };
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
  const certain = !missed.unsure && missed.forgotten === 0;
  return { own, arrived, absent: certain ? lost : [], unknown: certain ? [] : lost };
}
