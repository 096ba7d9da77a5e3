import type { Clock } from "../clock.ts";
import { isGuestName } from "./names.ts";

/** A guest that comes back within this finds its name, unless somebody has it. */
const KEPT_MS = 10 * 60_000;
/** Names that are remembered at a time; the one that was left longest ago is forgotten first. */
const MOST = 1_000;

interface Former {
  readonly name: string;
  readonly leftAt: number;
}

/** The names of guests who have left, by the session that each showed: nobody can ask for a guest's name by the name. */
export class FormerGuests {
  /** Who left last is last. */
  private readonly former = new Map<string, Former>();

  constructor(private readonly clock: Clock) {}

  left(session: string, name: string): void {
    if (!isGuestName(name)) return;
    const [oldest] = this.former.keys();
    if (this.former.size >= MOST && oldest !== undefined) this.former.delete(oldest);
    this.former.set(session, { name, leftAt: this.clock.mono() });
  }

  /** The name that belongs to a session, which is used up by this; null: there is none, or no longer. */
  take(session: string): string | null {
    const former = this.former.get(session);
    this.former.delete(session);
    return former !== undefined && this.clock.mono() - former.leftAt <= KEPT_MS ? former.name : null;
  }
}
