import type { Gate } from "../../src/accounts/gate.ts";
import type { Charset } from "../../src/bytes/charset.ts";
import type { Clock } from "../../src/clock.ts";
import type { Vault } from "../../src/files/vault.ts";
import type { Log } from "../../src/log.ts";
import type { ByNetwork } from "../../src/net/by-network.ts";
import type { TlsContext } from "../../src/net/tls.ts";
import type { PassivePorts } from "./data/passive-ports.ts";

/** What all sessions of the door share. */
export interface FtpHost {
  readonly gate: Gate;
  readonly vault: Vault;
  readonly log: Log;
  readonly clock: Clock;
  /** "tincan/0.1.0" */
  readonly server: string;
  /** The page's address for who reached this machine at `host`; null: there is none. */
  pageFor(host: string): string | null;
  /** Null without a certificate: AUTH is refused. */
  readonly tls: TlsContext | null;
  /** Neither logins nor data in the clear. */
  readonly requireTls: boolean;
  /** Infinity: for ever. */
  readonly idleMs: number;
  /** A line, a login or a handshake that was begun must be complete within so many milliseconds. */
  readonly messageMs: number;
  readonly ports: PassivePorts;
  /** What PASV announces instead of the address that the client has reached: an address or a name. */
  readonly addresses: ByNetwork<string>;
  readonly charsets: ByNetwork<Charset>;
}
