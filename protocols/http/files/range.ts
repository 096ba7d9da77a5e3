import { HttpError } from "../wire/http-error.ts";

/** A part of a file: both ends are in it, as in `Range`. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** More of them are refused: thousands of small ones are an attack, not a download. */
const MOST_RANGES = 8;
/** Of any length: a client may ask for more than there can be, and gets what there is (section 14.1.2). */
const SPEC = /^[\t ]*(\d*)-(\d*)[\t ]*$/;
const BLANK = /^[\t ]*$/;

/**
 * Reads `Range` (RFC 9110, section 14.2) for a file of `size` bytes. Those that touch or overlap are joined, so that an
 * answer never has more bytes than the file. Null: no range of bytes is asked for, and the answer is the whole file.
 * @throws HttpError 416 for what cannot be read, for more than eight, and when none lies within the file
 */
export function readRanges(field: string, size: number): readonly ByteRange[] | null {
  const [, specs] = /^bytes=(.*)$/i.exec(field) ?? [];
  if (specs === undefined) return null;
  // Empty elements of a list mean nothing (section 5.6.1.2).
  const given = specs.split(",").filter((spec) => !BLANK.test(spec));
  if (given.length > MOST_RANGES) throw badRange(size, `at most ${MOST_RANGES} ranges are sent at a time`);
  const within = given.flatMap((spec) => readSpec(spec, size) ?? []);
  if (within.length === 0) throw badRange(size, `the file has ${size} bytes, and nothing of it is asked for`);
  return join(within);
}

/** Null: it lies behind the end. */
function readSpec(spec: string, size: number): ByteRange | null {
  const [, from, to] = SPEC.exec(spec) ?? [];
  if (from === undefined || to === undefined || from + to === "")
    throw badRange(size, 'the Range cannot be read; send "bytes=FIRST-LAST"');
  if (from === "")
    return Number(to) === 0 || size === 0 ? null : { first: Math.max(0, size - Number(to)), last: size - 1 };
  const first = Number(from);
  if (to !== "" && Number(to) < first) throw badRange(size, "a range ends before it begins");
  return first >= size ? null : { first, last: to === "" ? size - 1 : Math.min(Number(to), size - 1) };
}

/** In order, without overlaps; as they came where there are none. */
function join(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const joined: ByteRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before === undefined || range.first > before.last + 1) joined.push(range);
    else joined[joined.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
  }
  return joined.length === ranges.length ? ranges : joined;
}

function badRange(size: number, message: string): HttpError {
  return new HttpError(416, "bad-range", message, { "Content-Range": `bytes */${size}`, "Accept-Ranges": "bytes" });
}
