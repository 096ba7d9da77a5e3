import type { Codec } from "./codec.ts";
import { StructError } from "./error.ts";
import { type Mode, modeOf } from "./modes.ts";
import { fixedString, pascalString } from "./strings.ts";

/** `count` values of one letter, side by side from `offset` on. */
export interface Run {
  readonly codec: Codec;
  readonly offset: number;
  readonly count: number;
}

/** What a format's text means. */
export interface Layout {
  readonly runs: readonly Run[];
  /** Bytes of the whole, padding included. */
  readonly size: number;
  /** How many values there are. */
  readonly values: number;
}

/** C's isspace, as CPython has it; and digits. */
const SPACE = /[ \t-\r]/;
const DIGIT = /[0-9]/;

/**
 * Reads a format. Python's own sizes end at 2^63 - 1 bytes, these at 2^53 - 1. `P`, a pointer, is not known: nothing here
 * could follow it.
 *
 * @throws StructError
 */
export function parseFormat(format: string): Layout {
  if (format.includes("\0")) throw new StructError("embedded null character");
  const { mode, start } = modeOf(format);
  const runs: Run[] = [];
  let size = 0;
  let values = 0;
  for (let at = start as number; at < format.length; at++) {
    if (SPACE.test(format.charAt(at))) continue;
    const digits = at;
    while (DIGIT.test(format.charAt(at))) at++;
    const count = digits === at ? 1 : fitting(Number(format.slice(digits, at)));
    if (at === format.length) throw new StructError("repeat count given without format specifier");
    const letter = format.charAt(at);
    if (letter === "x") {
      size = fitting(size + count);
      continue;
    }
    const run = runOf(letter, count, mode, size);
    runs.push(run);
    values += run.count;
    size = fitting(run.offset + run.codec.size * run.count);
  }
  return { runs, size, values };
}

function runOf(letter: string, count: number, mode: Mode, end: number): Run {
  if (letter === "s") return { codec: fixedString(count), offset: end, count: 1 };
  if (letter === "p") return { codec: pascalString(count), offset: end, count: 1 };
  const codec = mode.letters[letter];
  if (codec === undefined) throw new StructError("bad char in struct format");
  return { codec, offset: mode.aligned ? Math.ceil(end / codec.size) * codec.size : end, count };
}

function fitting(size: number): number {
  if (size > Number.MAX_SAFE_INTEGER) throw new StructError("total struct size too long");
  return size;
}
