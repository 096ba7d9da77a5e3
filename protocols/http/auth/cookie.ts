import { SESSION_MS } from "./sessions.ts";

const NAME = "tincan-session";
const PAIR = new RegExp(`(?:^|;)\\s*${NAME}=([\\w-]{1,64})(?:;|$)`);

/** The secret in a `Cookie` field; null: there is none. */
export function readCookie(field: string | undefined): string | null {
  return field === undefined ? null : (PAIR.exec(field)?.[1] ?? null);
}

export interface CookieScope {
  /** Where it is sent back to: the door's prefix, or `/`. */
  readonly path: string;
  /** Only ever over TLS. */
  readonly secure: boolean;
}

/** The `Set-Cookie` of a login. No script reads it, and no other site's page can have it sent (CSRF). */
export function loginCookie(secret: string, scope: CookieScope): string {
  return cookie(secret, SESSION_MS / 1000, scope);
}

/** The `Set-Cookie` that takes it back. */
export function logoutCookie(scope: CookieScope): string {
  return cookie("", 0, scope);
}

function cookie(value: string, seconds: number, { path, secure }: CookieScope): string {
  return `${NAME}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
}
