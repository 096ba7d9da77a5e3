import type { Reply, ReplyFields } from "./reply.ts";
import { isPush, isStream } from "./reply.ts";

/** RFC 9110, section 15, and RFC 4918 for 507. */
const REASONS: Readonly<Record<number, string>> = {
  100: "Continue",
  101: "Switching Protocols",
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  206: "Partial Content",
  301: "Moved Permanently",
  303: "See Other",
  304: "Not Modified",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  411: "Length Required",
  412: "Precondition Failed",
  413: "Content Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  416: "Range Not Satisfiable",
  421: "Misdirected Request",
  426: "Upgrade Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  505: "HTTP Version Not Supported",
  507: "Insufficient Storage",
};

/** How the end of an answer's body is told. */
export type ReplyFraming = "length" | "chunked" | "close";

interface HeadOptions {
  readonly framing: ReplyFraming;
  /** Whether the connection goes on; null: as the peer's version has it without a word. */
  readonly persistence: "close" | "keep-alive" | null;
  /** The `Date` line. */
  readonly date: string;
}

/** Whatever a value has that could end its line, or that no reader expects in one. */
const UNSAFE = /[^\t\x20-\x7e\x80-\xff]/;
const EVERY_UNSAFE = new RegExp(UNSAFE.source, "g");

/** Of every answer: what was sent is what it says it is, and no address here is told to other sites. */
const ALWAYS = "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n";

/**
 * The status line and the fields of an answer, up to and including the empty line, and `body` behind it: what is one buffer
 * leaves without an outbox.
 */
export function replyHead(reply: Reply, o: HeadOptions, body?: Uint8Array): Uint8Array {
  const { status, fields, upgrade } = reply;
  const first = `HTTP/1.1 ${status} ${REASONS[status] ?? "Unknown"}\r\n`;
  const persistence = o.persistence === null ? "" : `Connection: ${o.persistence}\r\n`;
  const own = upgrade === undefined ? `${o.date}${ALWAYS}${lengthField(reply, o.framing)}${persistence}` : "";
  const text = `${first}${own}${fieldLines(fields)}\r\n`;
  if (body === undefined) return Buffer.from(text, "latin1");
  const bytes = Buffer.allocUnsafe(text.length + body.length);
  bytes.write(text, 0, "latin1");
  bytes.set(body, text.length);
  return bytes;
}

function fieldLines(fields: ReplyFields): string {
  let lines = "";
  for (const name in fields) {
    const value = fields[name];
    if (value !== null && value !== undefined) lines += `${name}: ${safe(value)}\r\n`;
  }
  return lines;
}

/** A value with a character that is not one of a field's becomes one without: it can split no answer (CWE-113). */
function safe(value: string): string {
  return UNSAFE.test(value) ? value.replace(EVERY_UNSAFE, "?") : value;
}

function lengthField({ status, body }: Reply, framing: ReplyFraming): string {
  if (framing === "close" || status === 204 || status === 304) return "";
  if (framing === "chunked") return "Transfer-Encoding: chunked\r\n";
  const length = body === null || isStream(body) || isPush(body) ? 0 : body.length;
  return `Content-Length: ${length}\r\n`;
}

/** An answer with a short body, behind which the connection ends. */
export function wholeReply(reply: Reply, date: string): Uint8Array {
  const body = reply.body instanceof Uint8Array ? reply.body : undefined;
  return replyHead(reply, { framing: "length", persistence: "close", date }, body);
}
