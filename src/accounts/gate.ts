import type { Visitor } from "./visitor.ts";

/** A peer as the gate sees it; made by the doors, because accounts know no sockets. */
export interface PeerAddress {
  /** The address as text; "" on a Unix socket. */
  readonly host: string;
  /** What counts as one peer for limits: the address, of IPv6 its /64. */
  readonly key: string;
  /** The address that its open files are counted by; without it that is `host`. */
  readonly countedHost?: string | undefined;
  readonly loopback: boolean;
  /** Whether what it sends is encrypted on the way. */
  readonly encrypted: boolean;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * `bad-login`: the same words whether the name or the password was wrong (RFC 2577, section 6).
 * `plain-password`: a password would cross the network in the clear. `banned`: too many failures.
 */
export type LoginRefusalCode = "bad-login" | "plain-password" | "banned";

export type Login =
  | { readonly ok: true; readonly visitor: Visitor }
  | { readonly ok: false; readonly code: LoginRefusalCode; readonly message: string };

/** How long after its last use a remembered login ends, in milliseconds. */
export const LOGIN_MS = 12 * 3_600_000;

/**
 * Logins that outlive the daemon, each by the hash of a secret that its peer has; the secret itself is nowhere. They end with
 * their account, and with its password. Nothing throws: what cannot be written is forgotten.
 */
export interface RememberedLogins {
  add(secret: string, visitor: Visitor): void;
  /** Null: there is none, or it has ended. */
  find(secret: string, peer: PeerAddress): Visitor | null;
  /** Notes that it was used just now. That writes to the disk, so callers tell it now and then, not for every use. */
  use(secret: string): void;
  remove(secret: string): void;
}

/** Who may come in, and as whom. One for all doors, so that no door is a way around another's delays and bans. */
export interface Gate {
  /** Absent: no login is remembered. */
  readonly logins?: RememberedLogins;
  /** Somebody who has not logged in. */
  anonymous(peer: PeerAddress): Visitor;
  /**
   * Checks a password off the loop. The answer to a failed login is delayed, longer each time, by address; whoever waits
   * for it reads no further meanwhile. Never rejects.
   * @param door for the log
   */
  login(credentials: Credentials, peer: PeerAddress, door: string): Promise<Login>;
  /** Whether there is any account, at this moment. Never rejects. */
  hasAccounts(): Promise<boolean>;
  /** Why this peer may not send a password, as a sentence: others could read it on the way. Null when it may. */
  refusesPlain(peer: PeerAddress): string | null;
}
