import { quote } from "../../bytes/text.ts";
import { CommandError, Exit } from "../../exit.ts";
import { type Authority, decodeUrl, type Form, FRAMED_TLS_PORT, splitAuthority, type TlsFlags } from "../authority.ts";
import { formatTarget } from "../target.ts";
import { FRAMED_PORT } from "../wire.ts";
import { hasGlob } from "./glob.ts";

const FORM: Form = { hint: "write HOST/PATH, HOST:PORT/PATH or tincan://HOST:PORT/PATH", after: " and then a path" };

/** A file or folder on a server, as somebody typed it. */
export interface Address extends Authority {
  /** Absolute, without a slash at its end; `/` is the root. */
  readonly path: string;
  /**
   * The path with a backslash before what was percent-encoded and would be a wildcard otherwise; null when nothing in it
   * is a wildcard, so that it means one name.
   */
  readonly pattern: string | null;
  /** It ended with a slash, so a folder is meant. */
  readonly folder: boolean;
}

/**
 * Reads `[USER@]HOST[:PORT][/PATH]`, whose path is taken as it stands, or `tincan://` and `tincans://` URLs, whose path is
 * percent-decoded.
 * @throws CommandError (usage) in one sentence, also for flags that need TLS where there is none
 */
export function parseAddress(text: string, flags: TlsFlags): Address {
  const [, foreign] = /^(\w+):\/\//.exec(text) ?? [];
  if (foreign !== undefined && !/^tincans?$/i.test(foreign)) {
    throw new CommandError(Exit.usage, `${quote(text)} is for "tincan get" or a browser; ${FORM.hint}`);
  }
  const { target, tls: secure, user, url, rest } = splitAuthority(text, flags, FORM);
  const { path, folder } = readPath(url ? decodeUrl(rest, text) : rest, text);
  const pattern = url ? readPattern(rest, text) : path;
  return { target, tls: secure, user, path, pattern: hasGlob(pattern) ? pattern : null, folder };
}

/** `127.0.0.1/photos/a.jpg`: how a command names it; the port only where it is another than usual. */
export function formatAddress({ target, tls, user, path }: Address): string {
  const usual = target.port === (tls ? FRAMED_TLS_PORT : FRAMED_PORT);
  const where = formatTarget(target);
  return `${user === null ? "" : `${user}@`}${usual ? where.slice(0, where.lastIndexOf(":")) : where}${path}`;
}

/** The last part of a path; "" for the root. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder of a path. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

/** A path below a folder. */
export function joinPath(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}

function readPath(text: string, whole: string): Pick<Address, "path" | "folder"> {
  const parts = partsOf(text);
  const names = parts.filter((name) => name !== "");
  const wrong = names.find((name) => name === "." || name === ".." || /[\0-\x1f\x7f\\]/.test(name));
  if (wrong !== undefined)
    throw new CommandError(Exit.usage, `there is no ${quote(wrong)} in a path; see ${quote(whole)}`);
  return { path: `/${names.join("/")}`, folder: parts.at(-1) === "" };
}

/** A URL's path, of which nothing is a wildcard that was encoded. No path has a backslash of its own. */
function readPattern(raw: string, whole: string): string {
  const names = partsOf(decodeUrl(raw.replace(/%(?:2[1a-d]|3f|5[bde]|7[bd])/gi, "\\$&"), whole));
  return `/${names.filter((name) => name !== "").join("/")}`;
}

function partsOf(text: string): string[] {
  return text.normalize("NFC").split("/");
}
