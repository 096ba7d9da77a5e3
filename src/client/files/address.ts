import { quote } from "../../bytes/text.ts";
import { CommandError, Exit } from "../../exit.ts";
import { parseTarget, type Target } from "../../net/address.ts";
import { formatTarget } from "../target.ts";
import { hasGlob } from "./glob.ts";

/** The framed door's ports with the usual base, plain and over TLS. */
const PORT = 8400;
const TLS_PORT = 8401;

const FORM = "write HOST/PATH, HOST:PORT/PATH or tincan://HOST:PORT/PATH";

/** A file or folder on a server, as somebody typed it. */
export interface Address {
  readonly target: Target;
  /** Asked for by `tincans://`. */
  readonly tls: boolean;
  readonly user: string | null;
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
 * @throws CommandError (usage) in one sentence
 */
export function parseAddress(text: string, tls: boolean): Address {
  const [, foreign] = /^(\w+):\/\//.exec(text) ?? [];
  if (foreign !== undefined && !/^tincans?$/i.test(foreign)) {
    throw new CommandError(Exit.usage, `${quote(text)} is for "tincan get" or a browser; ${FORM}`);
  }
  const [, scheme = "", rest = ""] = /^(tincans?:\/\/)?(.*)$/is.exec(text) ?? [];
  const slash = rest.indexOf("/");
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const secure = tls || scheme.toLowerCase() === "tincans://";
  const at = authority.lastIndexOf("@");
  const user = at < 0 ? null : readUser(authority.slice(0, at), scheme !== "", text);
  const target = readTarget(authority.slice(at + 1), secure ? TLS_PORT : PORT, text);
  const raw = slash < 0 ? "" : rest.slice(slash);
  const { path, folder } = readPath(scheme === "" ? raw : decode(raw, text), text);
  const pattern = scheme === "" ? path : readPattern(raw, text);
  return { target, tls: secure, user, path, pattern: hasGlob(pattern) ? pattern : null, folder };
}

/** `127.0.0.1/photos/a.jpg`: how a command names it; the port only where it is another than usual. */
export function formatAddress({ target, tls, user, path }: Address): string {
  const usual = target.port === (tls ? TLS_PORT : PORT);
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

/** A password among a program's arguments is seen by everybody on the machine (`ps`), so there is no place for one. */
function readUser(text: string, url: boolean, whole: string): string {
  if (text.includes(":")) {
    const how = "leave it out and it is asked for, or taken from TINCAN_PASSWORD or --password-file";
    throw new CommandError(Exit.usage, `a password does not belong into a command line, where others see it; ${how}`);
  }
  const user = url ? decode(text, whole) : text;
  if (user === "") throw new CommandError(Exit.usage, `there is no name before the @ in ${quote(whole)}; ${FORM}`);
  return user;
}

function readTarget(text: string, port: number, whole: string): Target {
  if (text === "") throw new CommandError(Exit.usage, `there is no host in ${quote(whole)}; ${FORM}`);
  try {
    return parseTarget(text, port);
  } catch (error) {
    throw new CommandError(Exit.usage, `${error instanceof Error ? error.message : error} and then a path`);
  }
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
  const names = partsOf(decode(raw.replace(/%(?:2[1a-d]|3f|5[bde]|7[bd])/gi, "\\$&"), whole));
  return `/${names.filter((name) => name !== "").join("/")}`;
}

function partsOf(text: string): string[] {
  return text.normalize("NFC").split("/");
}

/** A slash that was encoded belongs to a name, which cannot have one. */
function decode(text: string, whole: string): string {
  try {
    if (/%2f/i.test(text)) throw new URIError("a slash");
    return decodeURIComponent(text);
  } catch {
    throw new CommandError(Exit.usage, `${quote(whole)} is not percent-encoded as a URL must be; a % itself is %25`);
  }
}
