import type { Store } from "../lib/store.ts";
import { applyEvent, type Circumstances, countMissed } from "./apply.ts";
import type { Link } from "./link.ts";
import { type ChatState, changeRoom } from "./state.ts";
import {
  addPage,
  beganBroken,
  beginBehindGap,
  beginEpoch,
  emptyTimeline,
  forgetSaid,
  goOnBehind,
  holds,
  type Timeline,
} from "./timeline.ts";
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
    /** What bears on an event that is told of now. */
    private readonly now: () => Circumstances,
  ) {}

  /** After coming in, with what the server said of the room then. @throws LinkDown, Refused */
  async enter(link: Link, { room, epoch, seq, topic = "" }: RoomState): Promise<void> {
    const before = this.#timeline(room);
    this.state.update((state) => {
      return changeRoom(state, room, (one) => {
        const timeline = beginEpoch(one.timeline, epoch, new Date().toISOString());
        return { ...one, topic, timeline };
      });
    });
    const isAnew = before.epoch !== epoch && beganBroken(this.#timeline(room));
    if (isAnew && before.last > 0) await this.#meet(link, room, before.last);
    if (isAnew && beganBroken(this.#timeline(room))) {
      this.#missSome();
      // The numbers around what is looked at are those of other events now.
      this.state.update((state) => changeRoom(state, room, (one) => ({ ...one, past: null, goal: null })));
    }
    const { first, last } = this.#timeline(room);
    if (seq > last) await this.#fetch(link, room, seq);
    // Somebody spoke meanwhile, and all that was said before them is missing.
    else if (first > seq && seq > 0) await this.older(link, room);
  }

  /** An event came whose predecessor did not. @throws LinkDown, Refused */
  async mend(link: Link, { room, seq }: RoomEvent): Promise<void> {
    if (this.#busy.has(room) || seq <= this.#timeline(room).last) return;
    await this.#fetch(link, room, seq - 1);
  }

  /** A page of what was said before all that is shown. @throws LinkDown, Refused */
  async older(link: Link, room: string): Promise<void> {
    const { first } = this.#timeline(room);
    const page = await link.request("history", { room, limit: PAGE, ...(first > 0 && { before: first }) });
    // What it stands above may have been let go meanwhile, because there was too much: there would be a hole.
    if (first > 0 && this.#timeline(room).first !== first) return;
    this.#add(room, page.events, page.next !== null);
  }

  /**
   * Looks in another epoch for an event of before: a server that was killed and keeps what is said counts on behind what
   * it has, and what it has is the newest up to `last`.
   */
  async #meet(link: Link, room: string, last: number): Promise<void> {
    this.#busy.add(room);
    try {
      const { events } = await link.request("history", { room, limit: PAGE, before: last + 1 });
      const known = events.findLast((event) => holds(this.#timeline(room).items, event));
      if (known !== undefined) this.#change(room, (timeline) => goOnBehind(timeline, known));
    } finally {
      this.#busy.delete(room);
    }
  }

  /** @param seq of the newest that is missing */
  async #fetch(link: Link, room: string, seq: number): Promise<void> {
    this.#busy.add(room);
    try {
      const { last } = this.#timeline(room);
      if (last > 0 && seq - last <= MOST_MISSED && (await this.#missed(link, room))) return;
      await this.#begin(link, room);
      await this.older(link, room);
      if (last > 0) this.state.update((state) => countMissed(state, room, seq - last, this.now()));
    } finally {
      this.#busy.delete(room);
    }
  }

  /** Makes place for the newest: what was here before stays where the server has forgotten what came then. */
  async #begin(link: Link, room: string): Promise<void> {
    const { last } = this.#timeline(room);
    const { oldest } = last === 0 ? { oldest: 0 } : await link.request("history", { room, after: last, limit: 1 });
    if (oldest <= last + 1) {
      this.#change(room, forgetSaid);
      return;
    }
    this.#change(room, (timeline) => beginBehindGap(timeline, new Date().toISOString()));
    this.#missSome();
  }

  /** Everything behind the last; false when the server has forgotten some of it. */
  async #missed(link: Link, room: string): Promise<boolean> {
    for (;;) {
      const { last } = this.#timeline(room);
      const page = await link.request("history", { room, after: last });
      if (page.oldest > last + 1) return false;
      // Told as if it came now: what nobody has seen counts.
      this.state.update((state) => page.events.reduce((grown, said) => applyEvent(grown, said, this.now()), state));
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

  #missSome(): void {
    this.state.update((state) => ({ ...state, missed: true }));
  }

  #add(room: string, events: readonly RoomEvent[], more: boolean): void {
    this.state.update((state) => {
      return changeRoom(state, room, (one) => ({
        ...one,
        timeline: addPage(one.timeline, events, this.now().isMine),
        more,
      }));
    });
  }
}
