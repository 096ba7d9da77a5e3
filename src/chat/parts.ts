import type { Clock } from "../clock.ts";
import type { Fanout } from "./fanout.ts";
import type { RoomLog } from "./history.ts";
import type { Presence } from "./presence.ts";
import type { Rooms } from "./rooms.ts";
import type { Roster } from "./roster.ts";
import type { HubSeat } from "./seat.ts";

/** What the hub is made of and commands work on. */
export interface Parts {
  readonly clock: Clock;
  readonly log: RoomLog;
  readonly rooms: Rooms;
  readonly roster: Roster<HubSeat>;
  readonly fanout: Fanout;
  readonly presence: Presence;
}
