import { quote } from "../../../src/bytes/text.ts";
import { MalformedError, NotHttpError } from "./http-error.ts";

/** The first part of a request: what is asked, and the header fields by their names in lower case. */
export interface RequestHead {
  readonly method: string;
  /** Path and query as they came, percent-encoded, beginning with `/`; `*` for the server as a whole. */
  readonly target: string;
  /** Of HTTP/1.0 or HTTP/1.1: the minor number; whoever speaks a later one understands answers in 1.1. */
  readonly minor: 0 | 1;
  /** Values as latin1, without the white space around them. */
  readonly fields: ReadonlyMap<string, string>;
}

const MOST_FIELDS = 100;
export const MOST_TARGET = 8 * 1024;

const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,24}) ([!-"$-~\x80-\xff]+) HTTP\/(\d\.\d)$/;
/** Whoever wrote this means to speak HTTP, and was no better served at another door. */
const MEANT = /^\S+ .*HTTP\/\d/i;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** One class and no more, so that no value takes longer than its length. */
const UNSAFE_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
/** Its authority, and what stands behind that. */
export const ABSOLUTE = /^https?:\/\/([^/?#]+)(.*)$/i;

/** Fields of which a second one could make two readers of the same request disagree about it. */
const SINGLE: ReadonlySet<string> = new Set([
  "authorization",
  "content-length",
  "content-range",
  "content-type",
  "destination",
  "expect",
  "host",
  "if-range",
  "origin",
  "range",
  "transfer-encoding",
]);

/**
 * Reads a request's head, strictly (RFC 9112): lines end in CR LF, names are tokens with the colon right behind, nothing is
 * folded, and what must be there once is there once. `text` is latin1 and ends before the empty line.
 * @throws MalformedError
 */
export function readHead(text: string): RequestHead {
  let end = endOfLine(text, 0);
  const [method, target, minor] = readRequestLine(text.slice(0, end));
  const fields = new Map<string, string>();
  for (let count = 0; end < text.length; ) {
    if (++count > MOST_FIELDS) throw new MalformedError(431, "too-large", `send at most ${MOST_FIELDS} header fields`);
    const start = end + 2;
    end = endOfLine(text, start);
    addField(fields, text.slice(start, end));
  }
  if (target.startsWith("/")) return { method, target, minor, fields };
  return { method, target: otherForm(method, target, minor, fields), minor, fields };
}

/** Its parts. @throws MalformedError 400, 414 or 505 */
export function readRequestLine(line: string): readonly [method: string, target: string, minor: 0 | 1] {
  const [, method, target, version] = REQUEST_LINE.exec(line) ?? [];
  if (method === undefined || target === undefined || version === undefined) {
    if (line.length > MOST_TARGET) throw targetTooLong();
    const advice = `${quote(line)} is no request line; send "GET /path HTTP/1.1"`;
    throw foreign(line, MEANT.test(line) ? `${advice}, with %20 for a space in the path` : advice);
  }
  if (target.length > MOST_TARGET) throw targetTooLong();
  if (!version.startsWith("1."))
    throw new MalformedError(505, "bad-version", `HTTP ${version} is not spoken here; send HTTP/1.1`);
  return [method, target, version === "1.0" ? 0 : 1];
}

/** @param beginning of what came, bytes as latin1 */
export function foreign(beginning: string, message: string): MalformedError {
  return MEANT.test(beginning) ? malformed(message) : new NotHttpError(beginning, message);
}

export function targetTooLong(): MalformedError {
  return new MalformedError(414, "too-large", `the address is too long; send at most ${MOST_TARGET} bytes`);
}

/** Whether a byte may stand in a method. */
export function isTokenCode(code: number): boolean {
  return TOKEN.test(String.fromCharCode(code));
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\r\n", start);
  return end < 0 ? text.length : end;
}

/** The path of a target that is none by itself: `*`, or a whole address (RFC 9112, section 3.2). */
function otherForm(method: string, target: string, minor: 0 | 1, fields: Map<string, string>): string {
  if (target === "*" && method === "OPTIONS") return target;
  const absolute = ABSOLUTE.exec(target);
  if (absolute === null) throw malformed(`${quote(target)} is no path; it must begin with /`);
  if (minor > 0 && !fields.has("host")) throw malformed("HTTP/1.1 needs a Host field");
  // Section 3.2.2: its authority counts, whatever Host says.
  fields.set("host", absolute[1] ?? "");
  const path = absolute[2] ?? "";
  return path.startsWith("/") ? path : `/${path}`;
}

/** Whether a line is a header field, or a trailer. */
export function isField(line: string): boolean {
  return TOKEN.test(line.slice(0, Math.max(0, line.indexOf(":")))) && !UNSAFE_IN_VALUE.test(line);
}

function addField(fields: Map<string, string>, line: string): void {
  const colon = line.indexOf(":");
  if (!isField(line))
    throw malformed(`${quote(line)} is no header field; send "Name: value", each line ended by CR LF`);
  const name = line.slice(0, colon).toLowerCase();
  const value = trimmed(line, colon + 1);
  const before = fields.get(name);
  if (before !== undefined && SINGLE.has(name)) throw malformed(`${name} was sent twice; send it once`);
  fields.set(name, before === undefined ? value : `${before}${name === "cookie" ? ";" : ","} ${value}`);
}

/** From `start` on, without spaces and tabs around it; a pattern for that takes quadratic time for a line of spaces. */
function trimmed(line: string, start: number): string {
  let from = start;
  let to = line.length;
  while (from < to && isBlank(line.charCodeAt(from))) from++;
  while (to > from && isBlank(line.charCodeAt(to - 1))) to--;
  return line.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function malformed(message: string): MalformedError {
  return new MalformedError(400, "bad-request", message);
}
