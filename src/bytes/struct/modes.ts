import type { Codec } from "./codec.ts";
import { double, half, single } from "./floats.ts";
import { narrowInteger, wideInteger } from "./integers.ts";
import { bool, char } from "./strings.ts";

/** The letters of a format that stand for a value of one size. `x`, `s` and `p`, whose size is their count, are not here. */
export type Letters = Readonly<Record<string, Codec>>;

/** What the mark at the start of a format decides. */
export interface Mode {
  readonly letters: Letters;
  /** Values begin at a multiple of their size; `c`, `s` and `p` anywhere. */
  readonly aligned: boolean;
}

function standard(little: boolean): Letters {
  return {
    c: char,
    b: narrowInteger("b", 1, little),
    B: narrowInteger("B", 1, little),
    "?": bool,
    h: narrowInteger("h", 2, little),
    H: narrowInteger("H", 2, little),
    i: narrowInteger("i", 4, little),
    I: narrowInteger("I", 4, little),
    l: narrowInteger("l", 4, little),
    L: narrowInteger("L", 4, little),
    q: wideInteger("q", little),
    Q: wideInteger("Q", little),
    e: half(little),
    f: single(little, false),
    d: double(little),
  };
}

const littleEndian: Mode = { letters: standard(true), aligned: false };
const bigEndian: Mode = { letters: standard(false), aligned: false };

/** Sizes, order and alignment of C on x86-64, whatever machine this runs on. */
const native: Mode = {
  letters: {
    ...littleEndian.letters,
    l: wideInteger("l", true),
    L: wideInteger("L", true),
    n: wideInteger("n", true),
    N: wideInteger("N", true),
    f: single(true, true),
  },
  aligned: true,
};

/** `=` is the machine's own order, which is taken to be x86-64's too. */
const MARKS: Readonly<Record<string, Mode>> = {
  "@": native,
  "=": littleEndian,
  "<": littleEndian,
  ">": bigEndian,
  "!": bigEndian,
};

/** The mode of a format, and where its letters begin. */
export function modeOf(format: string): { readonly mode: Mode; readonly start: 0 | 1 } {
  const marked = MARKS[format.charAt(0)];
  return marked === undefined ? { mode: native, start: 0 } : { mode: marked, start: 1 };
}
