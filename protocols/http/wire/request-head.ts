import { quote } from "../../../src/bytes/text.ts";
import { MalformedError } from "./http-error.ts";

/** The first part of a request: what is asked, and the header fields by their names in lower case. */
export interface RequestHead {
  readonly method: string;
  /** Path and query as they came, percent-encoded, beginning with `/`; `*` for the server as a whole. */
  readonly target: string;
  /** 1.0 or 1.1: the minor number. */
  readonly minor: 0 | 1;
  /** Values as latin1, without the white space around them. */
  readonly fields: ReadonlyMap<string, string>;
}

const MOST_FIELDS = 100;
const MOST_TARGET = 8 * 1024;

const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;
const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,24}) ([!-~\x80-\xff]+) HTTP\/(\d\.\d)$/;
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[\t ]*(.*?)[\t ]*$/;
const ABSOLUTE = /^https?:\/\/([^/?#]+)(.*)$/i;

/** Fields of which a second one could make two readers of the same request disagree about it. */
const SINGLE: ReadonlySet<string> = new Set([
  "authorization",
  "content-length",
  "content-range",
  "content-type",
  "host",
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
  if (CONTROLS.test(text)) throw malformed("a request's head has no control characters");
  const lines = text.split("\r\n");
  const [first = "", ...rest] = lines;
  if (rest.length > MOST_FIELDS)
    throw new MalformedError(431, "too-large", `send at most ${MOST_FIELDS} header fields`);
  const fields = new Map<string, string>();
  for (const line of rest) addField(fields, line);
  const [method, target, minor] = readRequestLine(first);
  const absolute = ABSOLUTE.exec(target);
  if (absolute === null) return { method, target: originForm(target), minor, fields };
  // RFC 9112, section 3.2.2: the authority of an absolute target counts, whatever Host says.
  fields.set("host", absolute[1] ?? "");
  const path = absolute[2] ?? "";
  return { method, target: path.startsWith("/") ? path : `/${path}`, minor, fields };
}

function readRequestLine(line: string): readonly [method: string, target: string, minor: 0 | 1] {
  const [, method, target, version] = REQUEST_LINE.exec(line) ?? [];
  if (method === undefined || target === undefined)
    throw malformed(`${quote(line)} is no request line; send "GET /path HTTP/1.1"`);
  if (target.length > MOST_TARGET)
    throw new MalformedError(414, "too-large", `the address is too long; send at most ${MOST_TARGET} bytes`);
  if (version !== "1.0" && version !== "1.1")
    throw new MalformedError(505, "bad-version", `HTTP ${version} is not spoken here; send HTTP/1.1`);
  return [method, target, version === "1.0" ? 0 : 1];
}

function originForm(target: string): string {
  if (target.startsWith("/") || target === "*") return target;
  throw malformed(`${quote(target)} is no path; it must begin with /`);
}

function addField(fields: Map<string, string>, line: string): void {
  const [, written, value] = FIELD.exec(line) ?? [];
  if (written === undefined || value === undefined || line.includes("\n") || line.includes("\r"))
    throw malformed(`${quote(line)} is no header field; send "Name: value", each line ended by CR LF`);
  const name = written.toLowerCase();
  const before = fields.get(name);
  if (before !== undefined && SINGLE.has(name)) throw malformed(`${name} was sent twice; send it once`);
  fields.set(name, before === undefined ? value : `${before}${name === "cookie" ? ";" : ","} ${value}`);
}

function malformed(message: string): MalformedError {
  return new MalformedError(400, "bad-request", message);
}
