import type { Reach } from "./files/ways.ts";
import type { Listener } from "./net/door.ts";
import { isWildcard, othersReach } from "./net/host.ts";
import type { OpenDoor } from "./open-door.ts";
import { addressFor } from "./page-address.ts";

/** Where the files are for who has reached this machine at `host` (see `reachedAt`). */
export function reachFor(doors: readonly OpenDoor[], host: string): Reach {
  if (isWildcard(host)) return reachForOthers(doors);
  return {
    host: host || "127.0.0.1",
    framed: portOf(doors, ({ ownClients }) => ownClients),
    ftp: portOf(doors, ({ kind }) => kind.name === "ftp"),
    http: addressFor(doors, host)?.files ?? null,
  };
}

/** The same for other machines if they can get in, else for this one. */
export function reachForOthers(doors: readonly OpenDoor[]): Reach {
  const [host = "127.0.0.1"] = othersReach(doors.flatMap(({ door }) => door.listeners));
  return reachFor(doors, host);
}

/** The port of the first door that is meant; null: none is open. */
export function portOf(
  doors: readonly OpenDoor[],
  isMeant: (door: OpenDoor) => boolean,
  transport: Listener["transport"] = "tcp",
): number | null {
  return doors.find(isMeant)?.door.listeners.find((listener) => listener.transport === transport)?.port ?? null;
}
