import { Store } from "../lib/store.ts";
import type { RoomEvent } from "./wire.ts";

/** What was found, newest first. */
export interface Found {
  /** What was looked for; "" before the first answer. */
  readonly words: string;
  readonly events: readonly RoomEvent[];
  /** The `before` of what follows; null: that is all. */
  readonly next: number | null;
  /** Why nothing was found: what was thrown; null: nothing was. */
  readonly problem: unknown;
}

/** Asks for a page of what has these words in it, before a seq or from the newest on. */
export type AskSearch = (
  words: string,
  before: number | null,
) => Promise<{ readonly events: readonly RoomEvent[]; readonly next: number | null }>;

const NOTHING: Found = { words: "", events: [], next: null, problem: null };

/** A search as somebody types its words: answers may overtake each other, and only that to the last question counts. */
export class RoomSearch {
  readonly found = new Store<Found>(NOTHING);
  #asked = 0;

  constructor(private readonly ask: AskSearch) {}

  /** Looks for other words; blank ones find nothing. Never rejects. */
  async look(words: string): Promise<void> {
    this.#asked += 1;
    if (words.trim() === "") this.found.set(NOTHING);
    else await this.#fetch({ ...NOTHING, words }, null);
  }

  /** Fetches what follows, for the same words. Never rejects. */
  async more(): Promise<void> {
    const found = this.found.value;
    if (found.next === null) return;
    this.#asked += 1;
    await this.#fetch(found, found.next);
  }

  async #fetch(known: Found, before: number | null): Promise<void> {
    const asked = this.#asked;
    const { words } = known;
    try {
      const { events, next } = await this.ask(words, before);
      if (asked === this.#asked) this.found.set({ words, events: [...known.events, ...events], next, problem: null });
    } catch (problem) {
      if (asked === this.#asked) this.found.set({ ...NOTHING, words, problem });
    }
  }
}
