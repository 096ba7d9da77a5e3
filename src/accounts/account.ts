import type { Permission } from "./permission.ts";

/** Somebody with a password. */
export interface Account {
  /** Never used again, so that who gets a removed name is somebody else. */
  readonly id: number;
  readonly name: string;
  /** What makes two names one: {@link accountKey}. */
  readonly key: string;
  /** The password's hash with its salt and parameters, as `Bun.password` writes it. */
  readonly hash: string;
  /** What it may do beside what everybody may. */
  readonly permissions: ReadonlySet<Permission>;
  /** The folder of the share that is its `/`; "/" is all of it. */
  readonly home: string;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** Longest name, in characters. */
const LONGEST_NAME = 32;
/** FTP clients send these when nobody logs in. */
const RESERVED: ReadonlySet<string> = new Set(["anonymous", "ftp"]);

/** Names that differ only in case, width or composition are the same one. */
export function accountKey(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}

/** A sentence about a name that no account can have; null when it can. */
export function refusesName(name: string): string | null {
  if (RESERVED.has(accountKey(name))) return "that name is for people without an account; take another";
  const length = [...name].length;
  if (length > LONGEST_NAME) return `a name has at most ${LONGEST_NAME} characters`;
  if (/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.-]*$/u.test(name)) return null;
  return "a name begins with a letter or digit and has letters, digits, _ . and - in it";
}
