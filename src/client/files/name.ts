import { quote } from "../../bytes/text.ts";
import { Untrustworthy } from "./trouble.ts";

/** The longest name of ext4, XFS, Btrfs, tmpfs, ZFS, in bytes (NAME_MAX). */
export const LONGEST_NAME = 255;

/**
 * A name that a server gave, fit for a file of this machine: one part of a path and nothing that could lead elsewhere or
 * mean something to a shell or terminal. Names that begin with a dot are names.
 * @throws Untrustworthy
 */
export function localName(name: string): string {
  const wrong = whatIsWrong(name);
  if (wrong === null) return name;
  throw new Untrustworthy(`the server calls a file ${quote(name)}, which ${wrong}; it is not written`);
}

/** Why a name is not fit for a file of this machine, as in `NAME, which …`; null when it is. */
export function whatIsWrong(name: string): string | null {
  if (name === "" || name === "." || name === "..") return "is no name";
  if (/[/\\]/.test(name)) return "has a slash in it";
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(name)) return "has control characters in it";
  if (/[\u202a-\u202e\u2066-\u2069]/.test(name)) return "is shown in another order than it is written";
  return Buffer.byteLength(name) > LONGEST_NAME ? `is longer than ${LONGEST_NAME} bytes` : null;
}
