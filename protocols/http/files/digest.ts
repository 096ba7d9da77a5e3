import { HttpError } from "../wire/http-error.ts";

/**
 * A member of a dictionary (RFC 9651): `sha-256=:BASE64:`; other algorithms stand beside it. Names are lower case there, and
 * who writes another one means this hash all the same, and would believe that it was checked.
 */
const MEMBER = /(?:^|,)[\t ]*sha-256(?![\w.*-])(?:=:([A-Za-z0-9+/]{43}=):(?=[\t ]*(?:[,;]|$)))?/gi;

/** The SHA-256 in a `Repr-Digest` (RFC 9530), in hex; undefined when it has none. @throws HttpError 400 */
export function readDigest(field: string | undefined): string | undefined {
  // RFC 9651, section 3.2: of several the last one counts.
  const found = [...(field ?? "").matchAll(MEMBER)].at(-1);
  if (found === undefined) return undefined;
  if (found[1] !== undefined) return Buffer.from(found[1], "base64").toString("hex");
  throw new HttpError(400, "bad-digest", "the Repr-Digest cannot be read; send sha-256=:BASE64 OF THE HASH:");
}

/** Whether a `Want-Repr-Digest` (RFC 9530, section 4) asks for the SHA-256: with a weight from 1 to 10, where 0 is "not this". */
export function isDigestWanted(field: string | undefined): boolean {
  return /(?:^|,)[\t ]*sha-256(?:=0*[1-9]\d*)?[\t ]*(?:$|[,;])/.test(field ?? "");
}

/** A SHA-256 in hex as a `Repr-Digest`. */
export function formatDigest(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`;
}
