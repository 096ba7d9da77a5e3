import type { Store } from "../lib/store.ts";
import type { Link } from "./link.ts";
import { type ChatState, changeRoom } from "./state.ts";
import { addPage, beginEpoch, emptyTimeline, forgetSaid, type Timeline } from "./timeline.ts";
import type { RoomEvent, RoomState } from "./wire.ts";

/** A screenful and a little. */
const PAGE = 60;
/** Who has missed more gets the newest, and the rest by scrolling up. */
const MOST_MISSED = 300;

/** Fetches what a room has said and this page has not. */
export class CatchUp {
  readonly #busy = new Set<string>();

  constructor(
    private readonly state: Store<ChatState>,
    private readonly isMine: (event: RoomEvent) => boolean,
  ) {}

  /** After coming in, with what the server said of the room then. @throws LinkDown, Refused */
  async enter(link: Link, { room, epoch, seq, topic = "" }: RoomState): Promise<void> {
    this.state.update((state) => {
      return changeRoom(state, room, (one) => {
        const timeline = beginEpoch(one.timeline, epoch, new Date().toISOString());
        return { ...one, topic, timeline };
      });
    });
    if (seq > this.#timeline(room).last) await this.#fetch(link, room, seq);
  }

  /** An event came whose predecessor did not. @throws LinkDown, Refused */
  async mend(link: Link, { room, seq }: RoomEvent): Promise<void> {
    if (this.#busy.has(room) || seq <= this.#timeline(room).last) return;
    await this.#fetch(link, room, seq);
  }

  /** A page of what was said before all that is shown. @throws LinkDown, Refused */
  async older(link: Link, room: string): Promise<void> {
    const { first } = this.#timeline(room);
    const page = await link.request("history", { room, limit: PAGE, ...(first > 0 && { before: first }) });
    this.#add(room, page.events, page.next !== null);
  }

  async #fetch(link: Link, room: string, seq: number): Promise<void> {
    this.#busy.add(room);
    try {
      const { last } = this.#timeline(room);
      if (last > 0 && seq - last <= MOST_MISSED && (await this.#missed(link, room))) return;
      this.#change(room, forgetSaid);
      await this.older(link, room);
    } finally {
      this.#busy.delete(room);
    }
  }

  /** Everything behind the last; false when the server has forgotten some of it. */
  async #missed(link: Link, room: string): Promise<boolean> {
    for (;;) {
      const { last } = this.#timeline(room);
      const page = await link.request("history", { room, after: last });
      if (page.oldest > last + 1) return false;
      this.#add(room, page.events, null);
      if (page.next === null) return true;
      if (this.#timeline(room).last === last) return false;
    }
  }

  #timeline(room: string): Timeline {
    return this.state.value.rooms.get(room)?.timeline ?? emptyTimeline;
  }

  #change(room: string, change: (timeline: Timeline) => Timeline): void {
    this.state.update((state) => {
      return changeRoom(state, room, (one) => ({ ...one, timeline: change(one.timeline) }));
    });
  }

  #add(room: string, events: readonly RoomEvent[], more: boolean | null): void {
    this.state.update((state) => {
      return changeRoom(state, room, (one) => ({
        ...one,
        timeline: addPage(one.timeline, events, this.isMine),
        more: more ?? one.more,
      }));
    });
  }
}
