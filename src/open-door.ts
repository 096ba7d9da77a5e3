import type { DoorKind } from "../protocols/door-kind.ts";
import type { Door } from "./net/door.ts";

/** A door and the kind of door that it is. */
export interface OpenDoor {
  /** A command to paste into another terminal. */
  paste(host: string, port: number): string;
  /** The same over TLS from the first byte; null: openssl's client will do. */
  pasteTls(host: string, port: number): string | null;
  /** Paths of what it has for browsers; null for nothing. */
  readonly pages: ReturnType<NonNullable<DoorKind["pages"]>> | null;
  /** Whether all that it does is to turn peers away. */
  readonly closed: boolean;
  /** Whether tincan's own commands can use it. */
  readonly ownClients: boolean;
  readonly kind: DoorKind;
  readonly door: Door;
}
