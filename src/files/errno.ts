import { quote } from "../bytes/text.ts";
import { codeOf } from "../thrown.ts";
import { type VaultCode, VaultError } from "./error.ts";

/** Not the system's: what was asked for lies outside of the jail. */
export const ESCAPED = "ESCAPED";

/** What the system's errors mean for whoever asked, by errno; %s is the quoted path. */
const MEANINGS: Readonly<Record<string, readonly [VaultCode, string]>> = {
  ENOENT: ["not-found", "there is no %s"],
  [ESCAPED]: ["not-found", "there is no %s here: a link leads to where nothing is served"],
  ESTALE: ["not-found", "there is no %s any more"],
  ELOOP: ["not-found", "%s leads in a circle"],
  ENOTDIR: ["not-a-folder", "a part of %s is not a folder"],
  EISDIR: ["not-a-file", "%s is a folder"],
  EEXIST: ["exists", "%s is there already"],
  ENOTEMPTY: ["not-empty", "the folder %s is not empty"],
  EACCES: ["denied", "the server's system does not permit this for %s"],
  EPERM: ["denied", "the server's system does not permit this for %s"],
  EROFS: ["denied", "the server's disk is read-only, so %s cannot be changed"],
  ETXTBSY: ["denied", "%s is a program that runs on the server"],
  ENOSPC: ["no-space", "the server's disk is full; %s was not stored"],
  EDQUOT: ["no-space", "the server's disk quota is used up; %s was not stored"],
  EFBIG: ["no-space", "%s is larger than the server's disk can store"],
  ENAMETOOLONG: ["bad-path", "%s is too long a path"],
  EINVAL: ["bad-path", "this cannot be done with %s"],
  EXDEV: ["failed", "%s would have to go to another disk; copy it instead"],
  EMFILE: ["failed", "the server has too many files open for %s; try again later"],
};

/** A system error as a refusal; a {@link VaultError} stays what it is. The path is the visitor's, not the server's. */
export function refusalFor(error: unknown, path: string): VaultError {
  if (error instanceof VaultError) return error;
  const code = codeOf(error);
  const [kind, text] = MEANINGS[code] ?? ["failed", `the server could not do this with %s (${code || "unknown"})`];
  return new VaultError(
    kind,
    text.replace("%s", () => quote(path, 200)),
    { cause: error },
  );
}
