import type { HashName } from "../../src/files/access.ts";
import type { Reply } from "./reply.ts";
import type { FtpSession } from "./session.ts";

/** The names of draft-bryan-ftp-hash, section 3 (IANA's registry of hash function names), for those that can be asked for. */
export const HASHES: ReadonlyMap<string, HashName> = new Map([
  ["SHA-256", "sha256"],
  ["SHA-512", "sha512"],
  ["SHA-1", "sha1"],
  ["MD5", "md5"],
  ["CRC32", "crc32"],
]);

/** `SHA-256*;SHA-512;`, the chosen one with a star, as FEAT has it. */
export function hashNames(chosen: HashName): string {
  return Array.from(HASHES, ([name, hash]) => `${name}${hash === chosen ? "*" : ""}`).join(";");
}

export function hashLabel(chosen: HashName): string {
  return Array.from(HASHES).find(([, hash]) => hash === chosen)?.[0] ?? chosen;
}

/** draft-bryan-ftp-hash, section 3: the hash of the file, from what REST said on. */
export async function hash(session: FtpSession, argument: string): Promise<Reply> {
  const { access, parameters } = session;
  const path = session.path(argument);
  const offset = parameters.takeOffset();
  const { hash: value, bytes } = await access.hash(path, { offset }, parameters.hash);
  return {
    code: 213,
    text: `${hashLabel(parameters.hash)} ${offset}-${offset + bytes} ${value} ${session.text(argument)}`,
  };
}
