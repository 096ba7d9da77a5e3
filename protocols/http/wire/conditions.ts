import { readHttpDate } from "./date-field.ts";
import { HttpError } from "./http-error.ts";

/** What a request is compared with. */
export interface Validators {
  /** Strong, in quotes: another one whenever the bytes are others. Null: there is nothing. */
  readonly etag: string | null;
  /** In milliseconds. */
  readonly mtime: number;
}

/** A header field's value, by its name in lower case. */
export type FieldOf = (name: string) => string | undefined;

/** Behind any empty elements of the list, which mean nothing (RFC 9110, section 5.6.1.2). */
const TAG = /^[\t ,]*(W\/)?("[\x21\x23-\x7e\x80-\xff]*")[\t ]*(?:,|$)/;

/**
 * Evaluates `If-Match`, `If-Unmodified-Since`, `If-None-Match` and `If-Modified-Since` in the order of RFC 9110, section
 * 13.2.2. "same": the client has it already (304).
 * @param looks GET or HEAD
 * @throws HttpError 412
 */
export function checkConditions(field: FieldOf, { etag, mtime }: Validators, looks: boolean): "send" | "same" {
  const match = field("if-match");
  const unmodified = dateOf(field("if-unmodified-since"));
  if (match !== undefined ? !isAmong(match, etag, "strong") : unmodified !== null && seconds(mtime) > unmodified)
    throw changed("it is not as it was when you looked; fetch it again");
  const noneMatch = field("if-none-match");
  if (noneMatch !== undefined) {
    if (!isAmong(noneMatch, etag, "weak")) return "send";
    if (looks) return "same";
    throw changed("it is there already");
  }
  const modified = looks ? dateOf(field("if-modified-since")) : null;
  return modified !== null && seconds(mtime) <= modified ? "same" : "send";
}

/** Whether `Range` counts: `If-Range` is absent, or the very same strong tag, or time (RFC 9110, section 13.1.5). */
export function isRangeWanted(ifRange: string | undefined, { etag, mtime }: Validators, now: number): boolean {
  if (ifRange === undefined) return true;
  if (ifRange.includes('"')) return ifRange === etag;
  // A time in seconds tells two states of a file apart only when its second is over (section 8.8.2.2).
  return dateOf(ifRange) === seconds(mtime) && now - mtime > 2_000;
}

/** Whether a list of entity tags, or `*`, has this one. */
function isAmong(list: string, etag: string | null, comparison: "strong" | "weak"): boolean {
  if (etag === null) return false;
  if (list.trim() === "*") return true;
  let rest = list;
  for (let found = TAG.exec(rest); found !== null; found = TAG.exec(rest)) {
    if (found[2] === etag && (comparison === "weak" || found[1] === undefined)) return true;
    rest = rest.slice(found[0].length);
  }
  return false;
}

/** Seconds since 1970; null for what is no time, which is ignored. */
function dateOf(field: string | undefined): number | null {
  const time = field === undefined ? null : readHttpDate(field);
  return time === null ? null : seconds(time);
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

function changed(message: string): HttpError {
  return new HttpError(412, "precondition", message);
}
