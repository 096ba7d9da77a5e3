import { quote } from "../../../src/bytes/text.ts";
import { encodePath } from "../../../src/bytes/url.ts";
import { decodePart } from "../wire/decode-part.ts";
import { HttpError } from "../wire/http-error.ts";

/** What an address below `/files/` means. */
export interface FilePath {
  /** In the visitor's tree: begins with `/`; checked by the vault. */
  readonly path: string;
  /** It ends in `/`: only a folder can be meant. */
  readonly isFolder: boolean;
}

/** Needs no decoding. */
const PLAIN = /^[\w.~!$&'()*+,;=:@-]*$/;

/**
 * Reads what stands behind `/files/`, percent-encoded UTF-8, or UTF-8 as it is, as latin1. It is decoded once and part by
 * part, so that an encoded `/` makes no two parts of one; what the parts may be, the vault says.
 * @throws HttpError 400 `bad-path`
 */
export function readFilePath(raw: string): FilePath {
  const isFolder = raw === "" || raw.endsWith("/");
  // Without its end it would be the root, and what the page shows there has links that lead nowhere.
  if (raw === "/") return { path: "//", isFolder };
  const names = (isFolder ? raw.slice(0, -1) : raw).split("/").map(nameFrom);
  return { path: `/${names.join("/")}`, isFolder };
}

/** The address of a path, without what stands before `/files`. */
export function fileAddress(path: string): string {
  return `/files${encodePath(path.normalize("NFC"))}`;
}

/** The last part of a path; of the root, what it is called here. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1) || "files";
}

function nameFrom(part: string): string {
  if (PLAIN.test(part)) return part;
  const decoded = decodePart(part);
  if (decoded === null) throw badPath(part, "it is not percent-encoded UTF-8");
  if (!decoded.includes("/")) return decoded;
  throw badPath(part, 'a name cannot have a "/" in it');
}

function badPath(part: string, why: string): HttpError {
  return new HttpError(400, "bad-path", `${quote(part, 80)} cannot be in an address: ${why}`);
}
