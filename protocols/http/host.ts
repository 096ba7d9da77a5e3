import type { Gate } from "../../src/accounts/gate.ts";
import type { Hub } from "../../src/chat/hub.ts";
import type { Clock } from "../../src/clock.ts";
import type { Vault } from "../../src/files/vault.ts";
import type { Reach } from "../../src/files/ways.ts";
import type { DoorOperations } from "../door-kind.ts";
import type { Authenticator } from "./auth/authenticator.ts";

/** What the handlers of a door work with. */
export interface HttpHost {
  readonly hub: Hub;
  readonly gate: Gate;
  /** Null: no files are shared. */
  readonly vault: Vault | null;
  /** Somebody's own site; null: there is none. */
  readonly site: Vault | null;
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  /** "tincan/0.1.0" */
  readonly server: string;
  readonly prefix: string;
  /** Where the page lies below the prefix: it makes room where somebody's own site is. Ends with `/`. */
  readonly pagePath: "/" | "/tincan/";
  /** The largest message of a WebSocket, in bytes. */
  readonly maxFrame: number;
  /** What was begun must be complete, and what moves must go on, within so many milliseconds. */
  readonly messageMs: number;
  readonly stallMs: number;
  readonly allow: { readonly chat: boolean; readonly echo: boolean };
  /** The lobby is told of files that are added. */
  readonly announces: boolean;
  readonly operations: DoorOperations;
  /** What stands before `files` and `api` in the addresses that other machines can use; empty: there are none. */
  rootsForOthers(): readonly string[];
  /** The doors that are open. */
  doorNames(): readonly string[];
  /** The first port of a door; null when it is not open. */
  portOf(door: string, transport?: "tcp" | "tls"): number | null;
  /** Where the files are for who has reached this machine at `host`. */
  reachFor(host: string): Reach;
}
