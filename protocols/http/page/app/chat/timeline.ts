import type { PassingEvent, RoomEvent } from "./wire.ts";

/** A numbered event of the room. */
export interface Said {
  readonly kind: "said";
  readonly key: string;
  readonly event: RoomEvent;
  readonly mine: boolean;
}

/** What the server does not remember: comings and goings, notices, private messages. */
export interface Passing {
  readonly kind: "passing";
  readonly key: string;
  readonly event: PassingEvent;
  readonly mine: boolean;
}

/** What the page itself has to say here, such as why a command was refused. */
export interface Note {
  readonly kind: "note";
  readonly key: string;
  readonly tone: "plain" | "bad";
  readonly text: string;
  readonly time: string;
}

/**
 * Here something is missing for good. `restarted`: the room's counting began anew, and the server remembers nothing from
 * before. `forgotten`: more was said while this page was away than the server remembers. `unkept`: what stands right above
 * was never written down by a server that was killed; it goes on with what is further up.
 */
export interface Break {
  readonly kind: "break";
  readonly key: string;
  readonly why: "restarted" | "forgotten" | "unkept";
  readonly time: string;
  /** Of `unkept`: the last seq that the server still had. Higher ones stand below, as their numbers were given again. */
  readonly behind?: number;
}

export type Item = Said | Passing | Note | Break;

/** What is shown of a room, in order. Nothing is in it twice, and nothing is missing up to `last`. */
export interface Timeline {
  readonly items: readonly Item[];
  /** That the room counts in now; null before the first. Events that a server kept from before keep theirs. */
  readonly epoch: string | null;
  /** The lowest seq that is here, 0 when there is none. */
  readonly first: number;
  /** Up to here nothing is missing, from `first` on. */
  readonly last: number;
}

export const emptyTimeline: Timeline = { items: [], epoch: null, first: 0, last: 0 };

/** With an event in its place; the same timeline if it is here already. */
export function addSaid(timeline: Timeline, event: RoomEvent, mine: boolean): Timeline {
  if (timeline.epoch === null) return addSaid({ ...timeline, epoch: event.epoch }, event, mine);
  const { items, epoch } = timeline;
  const said: Said = { kind: "said", key: keyOf(event), event, mine };
  const at = placeFor(items, event, epoch);
  if (at === null) return timeline;
  const grown = at === items.length ? [...items, said] : items.toSpliced(at, 0, said);
  if (timeline.first === 0) return { ...timeline, items: grown, first: event.seq, last: event.seq };
  const first = Math.min(timeline.first, event.seq);
  if (event.seq < timeline.first) return { ...timeline, items: grown, first };
  const last = event.seq === timeline.last + 1 ? unbrokenEnd(grown, epoch, event.seq) : timeline.last;
  return { ...timeline, items: grown, first, last };
}

/** A page of history, oldest first. */
export function addPage(
  timeline: Timeline,
  events: readonly RoomEvent[],
  isMine: (event: RoomEvent) => boolean,
): Timeline {
  const { first } = timeline;
  const newest = events.at(-1);
  // Older than all that is here, as nearly every page is: one copy instead of one for each event.
  if (newest !== undefined && newest.seq < first) {
    const begin = behindBreak(timeline.items);
    const at = timeline.items.findIndex((item, index) => index >= begin && item.kind === "said");
    const older = events.map((event): Said => {
      return { kind: "said", key: keyOf(event), event, mine: isMine(event) };
    });
    return { ...timeline, items: timeline.items.toSpliced(at, 0, ...older), first: events[0]?.seq ?? first };
  }
  return events.reduce((grown, event) => addSaid(grown, event, isMine(event)), timeline);
}

/** Whether an event is among these. */
export function holds(items: readonly Item[], { epoch, seq }: RoomEvent): boolean {
  return items.some((item) => isOf(item, epoch) && item.event.seq === seq);
}

/** The key of an event's item. */
export function keyOf({ epoch, seq }: RoomEvent): string {
  return `${epoch}:${seq}`;
}

/** What the room does not number stands where it came. */
export function addItem(timeline: Timeline, item: Item): Timeline {
  return { ...timeline, items: [...timeline.items, item] };
}

/** The counting begins anew; what was said before stays, above a break. Where nothing was said, nothing is forgotten. */
export function beginEpoch(timeline: Timeline, epoch: string, time: string): Timeline {
  if (timeline.epoch === epoch) return timeline;
  const isNews = timeline.items.slice(behindBreak(timeline.items)).some(({ kind }) => kind === "said");
  const items = isNews
    ? [...timeline.items, { kind: "break" as const, key: breakKey(epoch), why: "restarted" as const, time }]
    : timeline.items;
  return { items, epoch, first: 0, last: 0 };
}

/** Whether something is missing where the epoch began that the room counts in. */
export function beganBroken({ items, epoch }: Timeline): boolean {
  return items.some(({ key }) => key === breakKey(epoch));
}

/**
 * The server counts anew since it was killed, but still has `known`, which is shown above the break of
 * {@link beginEpoch}: so that was none. What was shown behind `known` it has lost, if there is such a thing.
 */
export function goOnBehind(timeline: Timeline, known: RoomEvent): Timeline {
  const { epoch } = timeline;
  const at = timeline.items.findIndex(({ key }) => key === breakKey(epoch));
  const held = timeline.items[at];
  if (held?.kind !== "break") return timeline;
  const met = timeline.items.findIndex((item) => isOf(item, known.epoch) && item.event.seq === known.seq);
  const isLost = timeline.items.slice(met + 1, at).some(({ kind }) => kind === "said");
  const unkept: Break = { ...held, why: "unkept", behind: known.seq };
  const items = timeline.items.toSpliced(at, 1, ...(isLost ? [unkept] : []));
  const first = items.slice(behindBreak(items)).find((item) => item.kind === "said")?.event.seq ?? 0;
  return { items, epoch, first, last: unbrokenEnd(items, epoch, known.seq) };
}

/** The server has forgotten some of what came behind `last`: what there is of it stands below a break. */
export function beginBehindGap(timeline: Timeline, time: string): Timeline {
  const { items, epoch, last } = timeline;
  const isBehind = (item: Item): item is Said => isOf(item, epoch) && item.event.seq > last;
  const behind = items.find(isBehind);
  const at = behind === undefined ? items.length : items.indexOf(behind);
  const gap: Break = { kind: "break", key: `gap:${epoch}:${last}`, why: "forgotten", time };
  const grown = items.toSpliced(at, 0, gap);
  if (behind === undefined) return { ...timeline, items: grown, first: 0, last: 0 };
  return { ...timeline, items: grown, first: behind.event.seq, last: unbrokenEnd(grown, epoch, behind.event.seq) };
}

/**
 * Without the numbered events behind the last break: where too much is missing to fetch it all, they come again from the
 * newest on upwards.
 */
export function forgetSaid(timeline: Timeline): Timeline {
  const begin = behindBreak(timeline.items);
  const items = timeline.items.filter((item, at) => at < begin || item.kind === "note");
  return { ...timeline, items, first: 0, last: 0 };
}

/** Without the oldest, when there are more than `most`; they can be fetched again. */
export function trim(timeline: Timeline, most: number): Timeline {
  if (timeline.items.length <= most) return timeline;
  const items = timeline.items.slice(timeline.items.length - most);
  const first = items.slice(behindBreak(items)).find(({ kind }) => kind === "said");
  if (first?.kind !== "said") return timeline;
  return { ...timeline, items, first: first.event.seq };
}

/** Where that begins which is numbered without a gap. */
function behindBreak(items: readonly Item[]): number {
  return items.findLastIndex(endsRun) + 1;
}

/** Numbers above it say nothing about those below. */
function endsRun(item: Item): boolean {
  return item.kind === "break" && item.why !== "unkept";
}

function breakKey(epoch: string | null): string {
  return `break:${epoch}`;
}

function isOf(item: Item, epoch: string | null): item is Said {
  return item.kind === "said" && item.event.epoch === epoch;
}

/**
 * Where an event belongs, looked for from the end, where most belong; null if it is there. A server that kept events of
 * other epochs has them in the order of their numbers, all before those of the epoch that it counts in.
 */
function placeFor(items: readonly Item[], event: RoomEvent, epoch: string | null): number | null {
  let at = items.length;
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index] as Item;
    if (endsRun(item)) break;
    if (item.kind === "break" && event.seq > (item.behind ?? Number.POSITIVE_INFINITY)) return at;
    if (item.kind !== "said") continue;
    const other = item.event;
    if (other.epoch === event.epoch && other.seq === event.seq) return null;
    const alike = (other.epoch === epoch) === (event.epoch === epoch);
    if (alike ? other.seq <= event.seq : event.epoch === epoch) return at;
    at = index;
  }
  return at;
}

/** The last seq behind `from` before which none of the epoch is missing. */
function unbrokenEnd(items: readonly Item[], epoch: string | null, from: number): number {
  let seq = from;
  for (const item of items) if (isOf(item, epoch) && item.event.seq === seq + 1) seq += 1;
  return seq;
}
