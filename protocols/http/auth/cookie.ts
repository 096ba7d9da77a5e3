import { LOGIN_MS, type PeerAddress } from "../../../src/accounts/gate.ts";
import type { Connection } from "../../../src/net/protocol.ts";

const SECRET = /^[\w-]{1,64}$/;

/** By which way a request came: browsers keep cookies by the host alone, whatever the port, and those of TLS apart. */
export interface Way {
  readonly conn: Pick<Connection, "local">;
  readonly peer: Pick<PeerAddress, "encrypted">;
}

/**
 * The name of the login's cookie. It has the port in it, so that two servers on one host do not end each other's logins, and
 * whether it came over TLS: a browser that has a `Secure` cookie silently takes none of that name in the clear.
 */
export function cookieName({ conn, peer }: Way): string {
  const { family, port } = conn.local;
  return `tincan-session${family === "unix" ? "" : `-${port}`}${peer.encrypted ? "-tls" : ""}`;
}

/** The secret in a `Cookie` field; null: there is none. */
export function readCookie(field: string | undefined, way: Way): string | null {
  if (field === undefined) return null;
  const start = `${cookieName(way)}=`;
  const pair = field.split(";").find((one) => one.trimStart().startsWith(start));
  const secret = pair?.trim().slice(start.length) ?? "";
  return SECRET.test(secret) ? secret : null;
}

/**
 * The `Set-Cookie` of a login. No script reads it, and no other site's page can have it sent (CSRF).
 * @param path where it is sent back to
 */
export function loginCookie(secret: string, way: Way, path: string): string {
  return cookie(secret, LOGIN_MS / 1000, way, path);
}

/** The `Set-Cookie` that takes it back. */
export function logoutCookie(way: Way, path: string): string {
  return cookie("", 0, way, path);
}

function cookie(value: string, seconds: number, way: Way, path: string): string {
  const secure = way.peer.encrypted ? "; Secure" : "";
  return `${cookieName(way)}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}
