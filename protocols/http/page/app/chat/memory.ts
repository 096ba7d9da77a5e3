import type { GuestSince } from "./own-lines.ts";

/** What a page remembers of the chat; the session only as long as its tab lives. */
export interface Memory {
  name: string | null;
  rooms: readonly string[];
  session: string | null;
  /** See {@link GuestSince}; as long as the session. */
  guestSince: GuestSince;
}
