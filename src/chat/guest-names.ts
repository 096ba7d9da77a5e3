import type { Clock } from "../clock.ts";
import type { Peer } from "./member.ts";

/** A peer has the same name again so long after its last word. */
const KEPT_MS = 10 * 60_000;
/** Names that are remembered at a time; the one that was used longest ago is forgotten first. */
const MOST = 1_000;

interface Guest {
  readonly name: string;
  usedAt: number;
}

/** The names of those who speak without one, so that two words of one of them are seen to be the same speaker's. */
export class GuestNames {
  /** The one used last is last. */
  private readonly guests = new Map<Peer, Guest>();

  /** @param next a name that nobody has */
  constructor(
    private readonly clock: Clock,
    private readonly next: () => string,
  ) {}

  of(peer: Peer): string {
    const now = this.clock.mono();
    const known = this.guests.get(peer);
    const guest = known !== undefined && now - known.usedAt <= KEPT_MS ? known : { name: this.next(), usedAt: now };
    guest.usedAt = now;
    this.guests.delete(peer);
    const [oldest] = this.guests.keys();
    if (this.guests.size >= MOST && oldest !== undefined) this.guests.delete(oldest);
    this.guests.set(peer, guest);
    return guest.name;
  }
}
