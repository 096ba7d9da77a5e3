import type { Item, Passing } from "./timeline.ts";
import type { PassingEvent, RoomEvent } from "./wire.ts";

/** What somebody says: the events that are shown under one name. */
export type Speech = (RoomEvent & { readonly event: "message" }) | (PassingEvent & { readonly event: "private" });

export interface Line {
  readonly key: string;
  readonly event: Speech;
}

/** What is drawn of a timeline, from top to bottom. */
export type Row =
  | { readonly kind: "day"; readonly key: string; readonly time: string }
  | { readonly kind: "new"; readonly key: string }
  | {
      readonly kind: "speech";
      readonly key: string;
      readonly from: string;
      readonly mine: boolean;
      readonly lines: readonly Line[];
    }
  /** Who came, went and took another name, one behind the other. */
  | { readonly kind: "comings"; readonly key: string; readonly items: readonly Passing[] }
  | { readonly kind: "other"; readonly key: string; readonly item: Item };

/** Each by itself is not worth a line. */
const COMINGS: ReadonlySet<string> = new Set(["join", "part", "quit", "name"]);

/** Longer silences begin a new group, with its own time. */
const SILENCE_MS = 5 * 60_000;

/** Groups what one person says in one go, and marks where days begin and where the unread begins. */
export function rowsOf(items: readonly Item[], newFrom: string | null): readonly Row[] {
  const rows: Row[] = [];
  let day = "";
  let group: { from: string; mine: boolean; lines: Line[]; until: number } | null = null;
  let comings: Passing[] | null = null;
  for (const item of items) {
    const time = timeOf(item);
    const today = new Date(time).toDateString();
    if (today !== day) rows.push({ kind: "day", key: `day:${today}:${item.key}`, time });
    const isNew = item.key === newFrom;
    if (isNew) rows.push({ kind: "new", key: "new" });
    const speech = speechOf(item);
    const at = Date.parse(time);
    const before: Passing[] | null = today === day && !isNew ? comings : null;
    comings = null;
    if (item.kind === "passing" && COMINGS.has(item.event.event)) {
      comings = before ?? [];
      comings.push(item);
      if (before === null) rows.push({ kind: "comings", key: item.key, items: comings });
      group = null;
    } else if (speech === null) {
      rows.push({ kind: "other", key: item.key, item });
      group = null;
    } else if (
      group !== null &&
      !isNew &&
      today === day &&
      group.from === speech.from &&
      at - group.until < SILENCE_MS
    ) {
      group.lines.push({ key: item.key, event: speech });
      group.until = at;
    } else {
      const { from } = speech;
      group = { from, mine: "mine" in item && item.mine, lines: [{ key: item.key, event: speech }], until: at };
      rows.push({ kind: "speech", key: item.key, from, mine: group.mine, lines: group.lines });
    }
    day = today;
  }
  return rows;
}

function timeOf(item: Item): string {
  return "event" in item ? item.event.time : item.time;
}

function speechOf(item: Item): Speech | null {
  if (!("event" in item)) return null;
  const { event } = item;
  return event.event === "message" || event.event === "private" ? (event as Speech) : null;
}
