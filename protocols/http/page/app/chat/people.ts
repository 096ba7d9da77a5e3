import type { Store } from "../lib/store.ts";
import { ignoreEnds } from "./endings.ts";
import type { After } from "./lifeline.ts";
import type { Link } from "./link.ts";
import { type ChatState, changeRoom } from "./state.ts";

/** Names of one room that are fetched, and shown. */
const MOST_MEMBERS = 500;
/** In rooms with more than 100 others; nearly as many may just have gone. */
const CROWD = 90;
/** A list that is full is as good a moment later, and every page in such a room would ask at once. */
const LATER_MS = 10_000;

/** Who is in the rooms. */
export class People {
  /** Rooms that are looked at again later. */
  readonly #due = new Set<string>();

  constructor(
    private readonly state: Store<ChatState>,
    private readonly after: After,
    private readonly link: () => Link | null,
  ) {}

  /** @throws LinkDown, Refused */
  async fetch(link: Link, id: string): Promise<void> {
    const { members, next } = await link.request("who", { room: id, limit: MOST_MEMBERS });
    const sorted = members.toSorted((a, b) => a.localeCompare(b));
    this.state.update((state) => changeRoom(state, id, (one) => ({ ...one, members: sorted, others: next !== null })));
  }

  /** In crowds the server tells in sentences who came and went. */
  recount(id: string): void {
    const room = this.state.value.rooms.get(id);
    if (room === undefined || room.members.length < CROWD || this.#due.has(id)) return;
    if (!room.others && room.members.length < MOST_MEMBERS) {
      this.#fetchNow(id);
      return;
    }
    this.#due.add(id);
    this.after(LATER_MS, () => {
      this.#due.delete(id);
      this.#fetchNow(id);
    });
  }

  #fetchNow(id: string): void {
    const link = this.link();
    if (link !== null && this.state.value.rooms.has(id)) this.fetch(link, id).catch(ignoreEnds);
  }
}
