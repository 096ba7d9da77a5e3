import type { RoomEvent, ServerEvent } from "./wire.ts";

/**
 * What is said in rooms that this page is about to come into. Where it belongs is known when the server has said how each
 * of them counts: before that, a room that counts anew is not to be told from one that has gone on.
 */
export class Early {
  #held: RoomEvent[] | null = null;

  /** From now on everything is early. */
  begin(): void {
    this.#held = [];
  }

  /** Keeps an event that is; @returns whether it was */
  keeps(event: ServerEvent): boolean {
    if (this.#held === null || !("seq" in event)) return false;
    this.#held.push(event);
    return true;
  }

  /** Nothing is early any more. @returns what was, in its order */
  end(): readonly RoomEvent[] {
    const held = this.#held ?? [];
    this.#held = null;
    return held;
  }
}
