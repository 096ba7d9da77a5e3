import { type Door, joinDoors } from "../src/net/door.ts";
import { StreamDoor, type StreamDoorOptions } from "../src/net/stream-door.ts";
import type { DoorContext } from "./door-kind.ts";

/** A door over TCP, and over TLS where there is a certificate: both belong to its name. */
export function streamDoors(
  { runtime, listen, listenTls, tls }: Pick<DoorContext<unknown>, "runtime" | "listen" | "listenTls" | "tls">,
  o: Omit<StreamDoorOptions, "listen" | "tls">,
): Door {
  const doors: Door[] = [];
  if (listen.length > 0) doors.push(new StreamDoor(runtime, { ...o, listen }));
  if (listenTls.length > 0 && tls !== null) doors.push(new StreamDoor(runtime, { ...o, listen: listenTls, tls }));
  const [only] = doors;
  return doors.length === 1 && only !== undefined ? only : joinDoors(o.name, doors);
}
