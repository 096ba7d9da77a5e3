import type { Permission } from "./permission.ts";

/** What somebody is told whose login is void, instead of what the right is that it lacks. */
export const LOGIN_ENDED = "your account is gone, or was changed meanwhile; log in again";

/** Who is at the other end of a connection, as files, limits and logs see them: an account, or just an address. */
export interface Visitor {
  /** The account's name; null for who did not log in. */
  readonly account: string | null;
  /** Its name in the chat at this moment, while it is there; who adds a file is told to the lobby by it. */
  readonly nick?: string | null;
  /**
   * Whose unfinished uploads and quotas these are: `account:ann:` and when that account was made, else `address:10.0.0.5`
   * (IPv6: the /64), so that who reconnects finds its own, and who gets a name that was somebody else's does not.
   */
  readonly owner: string;
  /** The peer's address as text, for the log; "" on a Unix socket. */
  readonly host: string;
  /** The address that its open files are counted by; without it that is `host`. */
  readonly countedHost?: string | undefined;
  /** The folder of the share that is this visitor's `/`: "/" for all of it. */
  readonly home: string;
  /**
   * Whether its login is void: the account is gone, or has another password or home now. Who is remembered by a cookie must
   * log in again then. Absent: there was no login.
   */
  readonly ended?: boolean;
  /** Asked anew for every use, so that a permission that was taken away counts at once. */
  may(permission: Permission): boolean;
}
