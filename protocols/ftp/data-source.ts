import type { Arrival } from "../../src/net/protocol.ts";

/** Where the next data connection comes from: a listener (PASV, EPSV) or an address to dial (PORT, EPRT). */
export interface DataSource {
  /** Rejects with a sentence for the client when none comes about. */
  connect(): Promise<Arrival>;
  /** It is not wanted any more: nothing listens, and what has arrived is closed. Safe to call at any time. */
  drop(): void;
}

/** How long a client may take to connect after PASV, or to be reached after PORT; milliseconds. */
export const CONNECT_MS = 30_000;
