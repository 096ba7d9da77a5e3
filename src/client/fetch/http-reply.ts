import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { escapeText } from "../../bytes/text.ts";
import { FetchFailure } from "./failure.ts";
import type { Facts } from "./sink.ts";

/** Statuses that tell of the moment and not of the request. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What a status means to somebody who wants a file. */
const MEANINGS: Readonly<Record<number, string>> = {
  401: "it wants a name and a password; write them as http://NAME:PASSWORD@HOST",
  403: "it does not give that to you",
  404: "there is nothing at that address",
  407: "the proxy wants a name and a password",
  410: "what was there is gone",
  429: "you asked too often",
  503: "it is overloaded or closed at the moment",
};

/** Who asks to be left alone for longer is not waited for. */
const LONGEST_MS = 120_000;

/** A status that is no success, as a reason. */
export function statusFailure(response: IncomingMessage): FetchFailure {
  const { statusCode: status = 0, statusMessage = "", headers } = response;
  const words = statusMessage === "" ? "" : ` ${escapeText(statusMessage.slice(0, 60))}`;
  const meaning = MEANINGS[status] === undefined ? "" : `: ${MEANINGS[status]}`;
  const reason = `the server answered ${status}${words}${meaning}`;
  const mayPass = PASSING.has(status);
  return new FetchFailure(reason, mayPass, undefined, mayPass ? retryAfter(headers) : null);
}

/** `Retry-After` in milliseconds, a number of seconds or a date (RFC 9110, section 10.2.3); null without one, or for too long. */
function retryAfter({ "retry-after": text = "", date = "" }: IncomingHttpHeaders): number | null {
  // Date.parse alone takes "-1" for a year.
  const day = text.endsWith(" GMT") ? text : "";
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(day) - Date.parse(date);
  return ms <= LONGEST_MS ? Math.max(0, ms) : null;
}

/** What the head of an answer says of the whole file; `size` is that of a Content-Range where there is one. */
export function factsOf(headers: IncomingHttpHeaders, size: number | null): Facts {
  const modified = Date.parse(headers["last-modified"] ?? "");
  return { size, mtime: Number.isNaN(modified) ? null : modified, validator: validatorOf(headers, modified) };
}

/** Content-Length, where it is the length of the body (RFC 9112, section 6.3). */
export function contentLength(headers: IncomingHttpHeaders): number | null {
  const text = headers["content-length"] ?? "";
  return /^\d{1,15}$/.test(text) && headers["transfer-encoding"] === undefined ? Number(text) : null;
}

/** `Content-Range: bytes FIRST-LAST/SIZE` (RFC 9110, section 14.4); null when it is not that. */
export function contentRange(
  headers: IncomingHttpHeaders,
): { readonly first: number; readonly size: number | null } | null {
  const found = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/i.exec(headers["content-range"] ?? "");
  return found ? { first: Number(found[1]), size: found[2] === "*" ? null : Number(found[2]) } : null;
}

/**
 * What If-Range may be: a strong ETag, or a Last-Modified that is a second older than the answer at least, because within
 * that second the file may have changed twice (RFC 9110, sections 8.8.2.2 and 13.1.5).
 */
function validatorOf(headers: IncomingHttpHeaders, modified: number): string | null {
  const tag = headers.etag;
  if (tag !== undefined) return /^"[\x21\x23-\x7e]*"$/.test(tag) ? tag : null;
  const answered = Date.parse(headers.date ?? "");
  return answered - modified >= 1000 ? (headers["last-modified"] ?? null) : null;
}
