import type { Store } from "../lib/store.ts";
import { ignoreEnds } from "./endings.ts";
import { type Link, LinkDown } from "./link.ts";
import type { OwnLines } from "./own-lines.ts";
import { type ChatState, changeRoom, type Room } from "./state.ts";
import { addPage, holds, keyOf, type Said } from "./timeline.ts";
import type { RoomEvent } from "./wire.ts";

/** A stretch of what was said, oldest first and without a gap: looked at apart from the newest, which goes on meanwhile. */
export interface Past {
  readonly items: readonly Said[];
  /** There is older. Newer there always is: a stretch that has met the newest is one with it. */
  readonly more: boolean;
}

/** Half of what is fetched around a message. */
const PAGE = 40;

/** Leads to messages of any age, and back to the newest. */
export class PastReader {
  readonly #busy = new Set<string>();
  /** Whoever asks for another message, for the newest or for another room does not wait for this one any more. */
  #wanted: RoomEvent | null = null;

  /** @param link null while nothing can be asked */
  constructor(
    private readonly state: Store<ChatState>,
    private readonly link: () => Link | null,
    private readonly own: Pick<OwnLines, "has">,
  ) {}

  /** Shows a message with what stands around it, marked. @throws LinkDown, Refused */
  async find(event: RoomEvent): Promise<void> {
    const { room: id, seq } = event;
    const known = this.#room(id);
    if (known === undefined) return;
    this.#wanted = event;
    const isHere = [known.timeline, known.past].some((shown) => shown !== null && holds(shown.items, event));
    const past = isHere ? known.past : await this.#around(id, seq);
    if (this.#wanted !== event || this.state.value.active !== id) return;
    this.#change(id, (room) => {
      const isAmongNewest = holds(room.timeline.items, event);
      const shown = isAmongNewest ? { ...room, past: null } : joined({ ...room, past }, this.own);
      return { ...shown, goal: { key: keyOf(event) } };
    });
  }

  /** Fetches what was said before the stretch that is shown. Never rejects. */
  older(id: string): Promise<void> {
    return this.#grow(id, async (link, { items, more }) => {
      const before = items[0]?.event.seq;
      if (!more || before === undefined) return null;
      const page = await link.request("history", { room: id, limit: PAGE, before });
      return { items: [...this.#said(page.events), ...items], more: page.next !== null };
    });
  }

  /** Fetches what was said behind it, up to the newest. Never rejects. */
  newer(id: string): Promise<void> {
    return this.#grow(id, async (link, { items, more }) => {
      const after = items.at(-1)?.event.seq ?? 0;
      const page = await link.request("history", { room: id, limit: PAGE, after });
      // Who sees the end asks whenever the stretch has changed.
      if (page.events.length === 0) return null;
      return { items: [...items, ...this.#said(page.events)], more };
    });
  }

  /** Shows the newest again. */
  leave(id: string): void {
    this.#wanted = null;
    this.#change(id, (room) => (room.past === null && room.goal === null ? room : { ...room, past: null, goal: null }));
  }

  async #around(id: string, seq: number): Promise<Past> {
    const link = this.link();
    if (link === null) throw new LinkDown("there is no connection");
    const [before, after] = await Promise.all([
      link.request("history", { room: id, limit: PAGE, before: seq + 1 }),
      link.request("history", { room: id, limit: PAGE, after: seq }),
    ]);
    return { items: this.#said([...before.events, ...after.events]), more: before.next !== null };
  }

  async #grow(id: string, fetch: (link: Link, past: Past) => Promise<Past | null>): Promise<void> {
    const link = this.link();
    const past = this.#room(id)?.past ?? null;
    if (link === null || past === null || this.#busy.has(id)) return;
    this.#busy.add(id);
    const grown = await fetch(link, past)
      .catch(ignoreEnds)
      .finally(() => this.#busy.delete(id));
    if (!grown) return;
    // Whoever has left meanwhile, or gone to another message, is not brought back.
    this.#change(id, (room) => (room.past === past ? joined({ ...room, past: grown }, this.own) : room));
  }

  #said(events: readonly RoomEvent[]): readonly Said[] {
    return events.map((event) => ({ kind: "said", key: keyOf(event), event, mine: this.own.has(event) }));
  }

  #room(id: string): Room | undefined {
    return this.state.value.rooms.get(id);
  }

  #change(id: string, change: (room: Room) => Room): void {
    this.state.update((state) => changeRoom(state, id, change));
  }
}

/** One with the newest, where nothing is missing between them. */
function joined(room: Room, own: Pick<OwnLines, "has">): Room {
  const { past, timeline } = room;
  const last = past?.items.at(-1)?.event.seq ?? 0;
  if (past === null || timeline.first === 0 || last + 1 < timeline.first) return room;
  const older = past.items.map(({ event }) => event).filter(({ seq }) => seq < timeline.first);
  return { ...room, past: null, timeline: addPage(timeline, older, (event) => own.has(event)), more: past.more };
}
